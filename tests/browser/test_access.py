"""For everyone: axe-core, the keyboard alone, small and large screens, no holes in the words."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError, expect

from .hands import drawn, frame, open_spectrometer, pure_spectrum, settled

SIZES = ((390, 844), (1280, 720), (1920, 1080))
HOLES = re.compile(r"\b(undefined|NaN|null|None|Infinity|\[object)\b|\{\w+\}")
INTERACTIVE = "a[href], button, select, summary, input, [tabindex='0']"
FITS = "() => document.scrollingElement.scrollWidth <= window.innerWidth"
WORDS = """() => [document.body.innerText, document.title,
    ...[...document.querySelectorAll('svg text')].map((t) => t.textContent),
    ...[...document.querySelectorAll('[aria-label], [title], [aria-valuetext], input')].flatMap(
        (e) => ['aria-label', 'title', 'aria-valuetext'].map((n) => e.getAttribute(n) || '')
            .concat(e.type === 'file' ? '' : e.value || ''))].join('\\n')"""


def open_view(page, view):
    """A view with everything on it: in Restore a result and a refused file."""
    if view == "spectrometer":
        open_spectrometer(page, "/?measured=1&z=0,0,0,-3,0,-1,0,1")
        settled(page)
    elif view == "restore":
        page.goto("/restore?as=gypsum&example=foreign")
        expect(page.locator("#restored .js-line").first).to_be_visible()
        expect(page.locator("#checks li").first).to_be_visible()
        page.locator("#upload input[type=file]").set_input_files(
            [{"name": "four.txt", "mimeType": "text/plain", "buffer": b"1 1\n2 2\n3 3\n4 4\n"}]
        )
        expect(page.locator("#files .refused")).to_be_visible()
    elif view == "compare":
        page.goto("/compare?example=other")
        expect(page.locator("#compared .js-line").first).to_be_visible()
        expect(page.locator("#compare-verdict .compared")).to_be_visible()
    elif view == "training":
        page.goto("/training")
        expect(page.locator("#runs-table tbody tr").first).to_be_visible()
        expect(page.locator("#schedule-figure .js-line").first).to_be_attached()
        expect(page.locator("#queue-card h2")).to_be_visible()
    elif view == "beta-lab":
        page.goto("/beta-lab")
        for name in ("plane", "through", "scores", "rotation", "correlated"):
            expect(page.locator(f"#lab-{name} .js-line").first).to_be_attached()
        expect(page.locator("#lab-read p").first).to_be_visible()
    elif view == "minerals":
        page.goto("/minerals?at=1008")
        expect(page.locator("#minerals-rows .mineral-row").first).to_be_visible()
        expect(page.locator("#minerals-reference .js-line").first).to_be_attached()
        expect(page.locator("#minerals-family .js-line").first).to_be_attached()
    elif view == "new-mineral":
        page.goto("/new-mineral")
        page.locator("#draft-upload input[type=file]").set_input_files([pure_spectrum()])
        expect(page.locator("#draft-table input").first).to_be_visible()
        expect(page.locator("#draft-doubts li").first).to_be_visible()
        expect(page.locator("#draft-figure .js-line").first).to_be_attached()
    elif view == "tour":
        page.goto("/tour?step=5")
        expect(page.locator("#tour-map .chosen").first).to_be_visible()
    else:
        page.goto("/neurons")
        expect(page.locator("#heatmap .heatmaplayer image").first).to_be_visible()
        expect(page.locator("#scan .js-line").first).to_be_visible()
        expect(page.locator("#command-map .kl").first).to_be_visible()
        expect(page.locator("#information table")).to_be_visible()
        expect(page.locator("#selectivity-plain table")).to_be_visible()
        page.get_by_role("combobox", name="Band").or_(
            page.get_by_role("combobox", name="Banda")
        ).select_option("5")
        page.locator("#pseudo-simulate").click()
        expect(page.locator("#pseudo-rows .js-line").first).to_be_visible()


VIEWS = (
    *("spectrometer", "restore", "compare", "minerals", "new-mineral"),
    *("neurons", "training", "beta-lab", "tour"),
)


DARK_TOO = ("spectrometer", "restore", "compare")  # what else than contrast they do there


def serious(page, **options):
    """What axe finds that keeps somebody out: (rule, what it asks for, elements)."""
    return [
        (v["id"], v["help"], [n["html"][:160] for n in v["nodes"]])
        for v in Axe().run(page, options=options).response["violations"]
        if v["impact"] in {"serious", "critical"}
    ]


def unreached(page):
    """What can be used and has no place in the order of the Tab key; and how much can be used."""
    wanted = page.evaluate(
        """(selector) => {
            window.reach = [...document.querySelectorAll(selector)].filter((e) =>
                e.checkVisibility({ visibilityProperty: true }) && !e.disabled && e.tabIndex >= 0
                && !e.closest('svg, .modebar'));
            window.reached = new Set();
            document.addEventListener('focusin', (event) => window.reached.add(event.target));
            document.activeElement.blur();
            window.scrollTo(0, 0);
            return window.reach.length; }""",
        INTERACTIVE,
    )
    for _ in range(wanted + 12):
        page.keyboard.press("Tab")
    missing = page.evaluate(
        "window.reach.filter((e) => !window.reached.has(e)).map((e) => e.outerHTML)"
    )
    return missing, wanted


def wide(page):
    """Sizes at which the page scrolls sideways."""
    found = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        try:
            page.wait_for_function(FITS, timeout=8_000)
        except TimeoutError:
            found.append(width)
    return found


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_for_everyone(page, view):
    """Axe finds nothing serious, the keyboard reaches everything, it fits, its words are whole."""
    page.emulate_media(reduced_motion="reduce")
    open_view(page, view)
    if view == "spectrometer":
        page.locator("#silent-summary").click()
    frame(page)
    assert not serious(page)
    missing, wanted = unreached(page)
    assert not missing
    if view == "spectrometer":
        assert wanted > 25
    assert not wide(page)
    assert not HOLES.findall(page.evaluate(WORDS))


@pytest.mark.parametrize("view", VIEWS)
def test_so_it_is_in_italian_and_in_the_dark(page_for, view):
    page = page_for("it", "dark")
    page.emulate_media(reduced_motion="reduce", color_scheme="dark")
    open_view(page, view)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    frame(page)
    rules = {} if view in DARK_TOO else {"runOnly": ["color-contrast"]}
    assert not serious(page, **rules)
    assert not wide(page)
    assert not HOLES.findall(page.evaluate(WORDS))


def test_every_slider_has_a_label(page):
    open_spectrometer(page)
    for name in ("gypsum", "gypsum-robust"):
        page.get_by_role("combobox", name="Model").select_option(name)
        drawn(page, name)
        labels = page.locator("#view-spectrometer input[type=range]").evaluate_all(
            "(all) => all.map((r) => [...r.labels].map((l) => l.textContent).join())"
        )
        assert len(labels) == 8 and all(labels)
        numbers = page.locator(".value input").evaluate_all(
            "(all) => all.map((n) => n.getAttribute('aria-label'))"
        )
        assert len(set(numbers)) == 8


def test_touch_targets_and_first_draw_on_a_phone(new_page):
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    open_spectrometer(page)
    assert page.evaluate(FITS)
    heights = page.locator("#sliders input[type=range]").evaluate_all(
        "(all) => all.map((e) => e.getBoundingClientRect().height)"
    )
    assert len(heights) == 5 and min(heights) >= 44
