"""For everyone: axe-core, the keyboard alone, small and large screens, no holes in the words.

One page walks through the views in English and in the light, under every rule; one in Italian and
in the dark, for what can be another there: contrast, longer words.
"""

from __future__ import annotations

from playwright.sync_api import expect

from .everyone import HOLES, SIZES, WORDS, serious, unreached, wide
from .hands import frame, go, open_spectrometer, pure_spectrum, settled

FOUR = {"name": "four.txt", "mimeType": "text/plain", "buffer": b"1 1\n2 2\n3 3\n4 4\n"}


def spectrometer(page):
    open_spectrometer(page, "/?measured=1&z=0,0,0,-3,0,-1,0,1")
    settled(page)


def restore(page):
    """A result, and a refused file."""
    go(page, "/restore", **{"as": "gypsum", "example": "foreign"})
    expect(page.locator("#restored .js-line").first).to_be_visible()
    expect(page.locator("#checks li").first).to_be_visible()
    page.locator("#upload input[type=file]").set_input_files([FOUR])
    expect(page.locator("#files .refused")).to_be_visible()


def compare(page):
    go(page, "/compare", example="other")
    expect(page.locator("#compared .js-line").first).to_be_visible()
    expect(page.locator("#compare-verdict .compared")).to_be_visible()


def minerals(page):
    go(page, "/minerals", at="1008")
    expect(page.locator("#minerals-rows .mineral-row").first).to_be_visible()
    expect(page.locator("#minerals-reference .js-line").first).to_be_attached()
    expect(page.locator("#minerals-family .js-line").first).to_be_attached()


def new_mineral(page):
    """A draft with its doubts."""
    go(page, "/new-mineral")
    page.locator("#draft-upload input[type=file]").set_input_files([pure_spectrum()])
    expect(page.locator("#draft-table input").first).to_be_visible()
    expect(page.locator("#draft-doubts li").first).to_be_visible()
    expect(page.locator("#draft-figure .js-line").first).to_be_attached()


def neurons(page):
    """With a chosen band and pseudo-spectra."""
    go(page, "/neurons")
    expect(page.locator("#heatmap .heatmaplayer image").first).to_be_visible()
    expect(page.locator("#scan .js-line").first).to_be_visible()
    expect(page.locator("#command-map .kl").first).to_be_visible()
    expect(page.locator("#information table")).to_be_visible()
    expect(page.locator("#selectivity-plain table")).to_be_visible()
    page.locator("#band").select_option("5")
    page.locator("#pseudo-simulate").click()
    expect(page.locator("#pseudo-rows .js-line").first).to_be_visible()


def training(page):
    go(page, "/training")
    expect(page.locator("#runs-table tbody tr").first).to_be_visible()
    expect(page.locator("#schedule-figure .js-line").first).to_be_attached()
    expect(page.locator("#queue-card h2")).to_be_visible()


def beta_lab(page):
    go(page, "/beta-lab")
    for name in ("plane", "through", "scores", "rotation", "correlated"):
        expect(page.locator(f"#lab-{name} .js-line").first).to_be_attached()
    expect(page.locator("#lab-read p").first).to_be_visible()


def tour(page):
    go(page, "/tour", step="5")
    expect(page.locator("#tour-map .chosen").first).to_be_visible()


VIEWS = (spectrometer, restore, compare, minerals, new_mineral, neurons, training, beta_lab, tour)
IN_DARK_UNDER_ALL_RULES = (spectrometer, restore, compare)  # what else than contrast they do there


def test_every_view_is_for_everyone(page):
    """Axe finds nothing serious, the keyboard reaches everything, it fits, its words are whole."""
    page.emulate_media(reduced_motion="reduce")
    for view in VIEWS:
        page.set_viewport_size({"width": 1280, "height": 720})
        view(page)
        if view is spectrometer:
            page.locator("#silent-summary").click()
        frame(page)
        assert not serious(page, whole=view is VIEWS[-1]), view.__name__
        missing, wanted = unreached(page)
        assert not missing, view.__name__
        assert wanted > 25 or view is not spectrometer
        assert not wide(page), view.__name__
        assert not HOLES.findall(page.evaluate(WORDS)), view.__name__


def test_so_it_is_in_italian_and_in_the_dark(page_for):
    page = page_for("it", "dark")
    page.emulate_media(reduced_motion="reduce", color_scheme="dark")
    for view in VIEWS:
        page.set_viewport_size({"width": 1280, "height": 720})
        view(page)
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
        expect(page.locator("html")).to_have_attribute("lang", "it")
        frame(page)
        all_rules = view in IN_DARK_UNDER_ALL_RULES
        found = serious(page) if all_rules else serious(page, runOnly=["color-contrast"])
        assert not found, view.__name__
        assert not wide(page, SIZES[:2]), view.__name__
        assert not HOLES.findall(page.evaluate(WORDS)), view.__name__
