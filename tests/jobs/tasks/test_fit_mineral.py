"""A draft's fit as a job: who asks again finds it, and it is what a fit in the page is."""

from __future__ import annotations

import numpy as np
import pytest

from spectra_vae.jobs.tasks import task
from spectra_vae.jobs.tasks.fit_mineral import TASK, Given, fit_of, fitting, lay_out
from spectra_vae.library.fit_mineral import draft_of, fit_mineral, prepared
from spectra_vae.library.kept_fit import found_in
from spectra_vae.readers import read_spectrum

from .test_import_library import spectrum

FILES = [Given("stone.txt", spectrum(400))]


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path))


@pytest.mark.parametrize("baseline", ["automatic", "stiffer", "softer", "none"])
def test_what_a_job_leaves_is_the_fit(baseline):
    job, told = fitting(FILES, 4.0, baseline), []
    lay_out(job, FILES)
    result = TASK.run(job, told.append)
    spectra = [read_spectrum(FILES[0].content, "stone.txt")]
    here = fit_mineral(spectra, "draft", 4.0, baseline)
    kept = draft_of(found_in(fit_of(job.id), prepared(spectra, baseline)), "draft", 4.0)
    assert kept.bands == here.bands and kept.doubts == here.doubts and kept.table == here.table
    np.testing.assert_array_equal(kept.background, here.background)
    np.testing.assert_array_equal(kept.residual, here.residual)
    assert result == {"bands": len(here.bands)}
    assert str(TASK.how_far(told[-1])).startswith(f"{len(here.bands)} bands so far")


def test_the_same_question_is_the_same_job():
    assert task("fit-mineral") is TASK and TASK.prompt
    one = fitting(FILES, None, "automatic")
    assert fitting(FILES, None, "automatic").id == one.id
    others = [
        fitting(FILES, 4.0, "automatic"),
        fitting(FILES, None, "none"),
        fitting([Given("stone.txt", spectrum(410))], None, "automatic"),
        fitting([FILES[0]._replace(column="2")], None, "automatic"),
        fitting(FILES * 2, None, "automatic"),
    ]
    assert len({one.id, *(other.id for other in others)}) == 6


def test_a_file_of_any_name_is_fitted():
    named = Given("\u0000../../etc\n.txt", FILES[0].content)
    job = fitting([named], None, "automatic")
    lay_out(job, [named])
    assert job.name.isprintable() and TASK.run(TASK.check(job), lambda _: None)["bands"]


def test_a_fit_of_other_measurements_is_refused():
    job = fitting(FILES, None, "automatic")
    lay_out(job, FILES)
    TASK.run(job, lambda _: None)
    short = read_spectrum(FILES[0].content[:4000], "short.txt")
    with pytest.raises(ValueError, match="other measurements"):
        found_in(fit_of(job.id), prepared([short], "automatic"))


def test_a_job_without_its_files_is_refused(refused):
    with refused():
        TASK.check(fitting(FILES, None, "automatic"))
