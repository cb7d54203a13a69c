"""Restore: files dropped on the page, as a person drops them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

import spectra_vae as sv
from spectra_vae.examples import example
from spectra_vae.ui.measurements import known_code

from .conftest import ROOT
from .hands import add_files, code, drawn, estimate, result, settled

DATA = Path(os.environ.get("SPECTRA_VAE_DATA", ROOT / "../shared/data"))
REAL = {  # file: does it hold the bands that tell the hydration?
    "CDPH_Gypsum.txt": False,
    "NASA_ramdb_CalciumSulfate_532_EXTRACT_201-1300_3032-3704.csv": True,
}
EXAMPLES = {
    "clean": "clean",
    "noisy": "noisy",
    "very noisy": "very-noisy",
    "with a foreign band": "foreign",
}
NASTY = "<img src=x onerror=alert(1)>.txt"


def text_file(name: str, data: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "text/plain", "buffer": data}


def chip(page, name):
    return page.get_by_role("group", name="Files").get_by_role("button").filter(has_text=name)


def download(page, button: str) -> tuple[str, bytes]:
    with page.expect_download() as saved:
        page.locator("#restore-result").get_by_role("button", name=button).click()
    return saved.value.suggested_filename, Path(saved.value.path()).read_bytes()


@pytest.mark.parametrize("words", EXAMPLES)
def test_examples(page, words):
    name = EXAMPLES[words] + ".csv"
    page.goto("/restore?as=gypsum")
    page.get_by_role("button", name=words, exact=True).click()
    result(page, name)
    foreign = words == "with a foreign band"
    expect(chip(page, name)).to_contain_text("alien" if foreign else "normal")
    expect(page.locator("#novelty")).to_contain_text("alien" if foreign else "normal")
    for factor in ("hydration", "crystallinity", "shift", "counts at ν1"):
        assert " to " in estimate(page, factor), factor
    read = sv.read_spectrum(example(EXAMPLES[words]), name)
    points = f"{len(read.wavenumber):,}".replace(",", "\u202f")
    expect(page.get_by_text("Read as columns of text")).to_contain_text(f"{points} points")
    if foreign:
        expect(page.locator("#novelty")).to_contain_text("A band that the mineral doesn't have")
        expect(page.locator("#novelty")).to_contain_text("% of ν1")
        expect(page.locator("#bands-card .unexplained")).to_contain_text("not the mineral's")


@pytest.mark.parametrize("name", REAL)
def test_measured_gypsum_there_and_back(page, vs, name):
    """Upload, read the numbers, take the sliders there, export and read the export back."""
    file = DATA / "gypsum" / name
    if not file.is_file():
        pytest.skip(f"no {file}: set SPECTRA_VAE_DATA to the folder of measured spectra")
    page.goto("/restore?as=gypsum")
    add_files(page, file)
    result(page, name)
    if REAL[name]:
        assert " to " in estimate(page, "hydration")
    else:
        assert "unknown" in estimate(page, "hydration")
    # The one with water bands was filled in: its points share their noise, its width isn't its own.
    assert ("unknown" if REAL[name] else " to ") in estimate(page, "crystallinity")

    upload = sv.read_spectrum(file)
    saved, data = download(page, "CSV")
    assert saved == f"{file.stem}.restored.csv"
    back = sv.read_spectrum(data, saved)
    assert np.allclose(back.wavenumber, upload.wavenumber, atol=1e-4)
    assert np.allclose(back.intensity, upload.intensity, rtol=1e-4)

    saved, data = download(page, "JSON")
    assert saved == f"{file.stem}.restored.json"
    told = json.loads(data, parse_constant=pytest.fail)
    assert told["file"] == name
    assert told["estimates"]["hydration"]["known"] is REAL[name]

    page.get_by_role("button", name="Move the sliders here").click()
    expect(page.get_by_role("heading", name="Gypsum, virtual")).to_be_visible()
    drawn(page)
    settled(page)
    expected = np.clip(known_code(vs.restore(upload), vs), -5, 5)  # unknown ones stay
    assert np.allclose(code(page), expected, atol=1e-3)
    page.get_by_role("button", name="Undo").click()
    settled(page)
    assert not code(page).any()


def test_a_file_dropped_from_the_desktop(page):
    page.goto("/restore?as=gypsum")
    transfer = page.evaluate_handle(
        """(text) => { const t = new DataTransfer();
        t.items.add(new File([text], 'dropped.csv', { type: 'text/csv' })); return t; }""",
        example("noisy").decode(),
    )
    expect(page.get_by_text("Add files")).to_be_visible()
    for event in ("dragenter", "dragover", "drop"):
        page.get_by_text("Add files").dispatch_event(event, {"dataTransfer": transfer})
    result(page, "dropped.csv")


def test_the_upload_by_keyboard(page):
    page.goto("/restore?as=gypsum")
    expect(page.get_by_text("Add files")).to_be_visible()
    page.wait_for_function("() => !document.querySelector('[data-dash-is-loading=true]')")
    page.get_by_role("link", name="Neurons").focus()
    inside = "document.activeElement.closest('#upload') ? document.activeElement.tagName : ''"
    for _ in range(25):
        page.keyboard.press("Tab")
        if found := page.evaluate(inside):
            break
    assert found == "BUTTON", found
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(text_file("keyed.csv", example("clean")))
    result(page, "keyed.csv")


def test_broken_files_stay_with_a_sentence_beside_good_ones(page):
    page.goto("/restore?as=gypsum")
    four = b"100 1\n200 2\n300 1\n400 2\n"
    add_files(
        page,
        [
            text_file("scan.txt", b"\x89PNG\r\n\x1a\n" + bytes(200)),
            text_file("noisy.csv", example("noisy")),
            text_file("four.txt", four),
            text_file("clean.csv", example("clean")),
        ],
    )
    expect(page.get_by_role("heading", name="4 files: 2 normal, 2 refused")).to_be_visible()
    page.get_by_role("button", name="clean.csv").click()
    result(page, "clean.csv")
    strip = page.get_by_role("group", name="Files")
    refused = strip.locator(".refused")
    expect(refused).to_have_count(2)
    expect(refused.nth(0)).to_contain_text("20")
    expect(refused.nth(1)).to_contain_text("scan.txt is a PNG picture.")
    for sentence in refused.all_inner_texts():
        assert sentence.strip().endswith(".") and "\n" not in sentence.strip()
    expect(strip.locator(".opens-file")).to_have_count(2)
    chip(page, "noisy.csv").click()
    result(page, "noisy.csv")
    expect(chip(page, "noisy.csv")).to_have_attribute("aria-pressed", "true")
    expect(chip(page, "clean.csv")).to_have_attribute("aria-pressed", "false")


def test_only_broken_files_leave_the_door_open(page):
    page.goto("/restore?as=gypsum")
    add_files(page, [text_file("empty.txt", b"")])
    expect(page.locator("#files .refused")).to_contain_text("empty.txt is empty.")
    expect(page.get_by_role("button", name="clean", exact=True)).to_be_visible()
    add_files(page, [text_file("good.csv", example("clean"))])
    result(page, "good.csv")
    expect(page.locator("#files .refused")).to_have_count(1)


def test_html_in_a_file_name_is_text(page):
    asked = []
    page.on("dialog", lambda box: (asked.append(box.message), box.dismiss()))
    page.goto("/restore?as=gypsum")
    add_files(
        page,
        [text_file(NASTY, example("clean")), text_file("<b>" + NASTY, b"<script>1</script>")],
    )
    expect(page.get_by_role("heading", name="2 files: 1 normal, 1 refused")).to_be_visible()
    assert page.locator("img[src=x], #files-table b:has(img), #files-table script").count() == 0
    page.get_by_role("button", name=NASTY).click()
    result(page, NASTY)
    expect(chip(page, NASTY)).to_be_visible()
    expect(page.locator(".file.bad .name")).to_have_text("<b>" + NASTY)
    expect(page.locator("#files .refused")).to_contain_text(
        "is in the XML format, which can't be read here."
    )
    assert page.locator("img[src=x], #files b, #files script").count() == 0
    saved, data = download(page, "CSV")
    assert "<" not in saved and "/" not in saved
    assert len(sv.read_spectrum(data, "back.csv").wavenumber) > 1000
    saved, data = download(page, "JSON")
    assert json.loads(data)["file"] == NASTY
    page.get_by_role("button", name="Move the sliders here").click()
    expect(page.get_by_role("heading", name="Gypsum, virtual")).to_be_visible()
    assert not asked


def test_too_much_is_refused_in_words(page, tmp_path):
    huge, large = tmp_path / "huge.txt", [tmp_path / f"large{k:02}.txt" for k in range(11)]
    huge.write_bytes(b"100 1\n" * 3_400_000)
    for file in large:
        file.write_bytes(b"100 1\n" * 3_100_000)
    page.goto("/restore?as=gypsum")
    add_files(page, [huge])
    expect(page.locator("#notice")).to_contain_text("huge.txt is over 20 MB.")
    add_files(page, large)
    expect(page.locator("#notice")).to_contain_text("Together these files are over 200 MB.")
    add_files(page, [text_file("good.csv", example("clean"))])
    result(page, "good.csv")


def test_the_other_axis_and_theme_keep_the_result(page):
    page.goto("/restore?as=gypsum")
    page.get_by_role("button", name="noisy", exact=True).click()
    result(page, "noisy.csv")
    page.locator("#restore-result").get_by_role("button", name="Full axis").click()
    page.wait_for_function(
        "() => document.querySelector('#restored .js-plotly-plot')"
        "._fullLayout.xaxis.range[1] > 3000"
    )
    page.get_by_role("button", name="Light or dark").click()
    page.wait_for_function(
        "() => document.querySelector('#restored .js-plotly-plot')"
        "._fullLayout.font.color === '#B7C0CA'"
    )
    result(page, "noisy.csv")


def test_a_change_of_language_asks_before_it_forgets_files(page):
    """Only what is too large for the tab to keep."""
    page.goto("/restore?as=gypsum")
    large = b"# said at length\n" * 120_000 + example("clean")
    add_files(page, text_file("mine.csv", large))
    result(page, "mine.csv")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="IT").click()
    assert len(asked) == 1 and "forgotten" in asked[0]
    expect(page.locator("#file-title")).to_have_text("mine.csv")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="IT").click()
    expect(page.get_by_text("Aggiungi file")).to_be_visible()
