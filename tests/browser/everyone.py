"""What a page owes everyone: nothing that keeps somebody out, words without holes, no scrolling
sideways; as functions of a Playwright page."""

from __future__ import annotations

import re
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, TimeoutError

SIZES = ((1280, 720), (390, 844), (1920, 1080))  # the first is a page's own
HOLES = re.compile(r"\b(undefined|NaN|null|None|Infinity|\[object)\b|\{\w+\}")
FITS = "() => document.scrollingElement.scrollWidth <= window.innerWidth"
WORDS = """() => [document.body.innerText, document.title,
    ...[...document.querySelectorAll('svg text')].map((t) => t.textContent),
    ...[...document.querySelectorAll('[aria-label], [title], [aria-valuetext], input')].flatMap(
        (e) => ['aria-label', 'title', 'aria-valuetext'].map((n) => e.getAttribute(n) || '')
            .concat(e.type === 'file' ? '' : e.value || ''))].join('\\n')"""
INTERACTIVE = "a[href], button, select, summary, input, [tabindex='0']"


# What axe calls minor or moderate however it comes out: nobody reads it, and it takes a third.
UNREAD = (
    *("aria-deprecated-role", "empty-heading", "empty-table-header", "heading-order"),
    *("identical-links-same-purpose", "image-redundant-alt", "landmark-banner-is-top-level"),
    *("landmark-complementary-is-top-level", "landmark-contentinfo-is-top-level"),
    *("landmark-main-is-top-level", "landmark-no-duplicate-banner"),
    *("landmark-no-duplicate-contentinfo", "landmark-no-duplicate-main", "landmark-one-main"),
    *("landmark-unique", "page-has-heading-one", "presentation-role-conflict", "region"),
    *("skip-link",),
)


# Views that aren't looked at are out of the page meanwhile, unless all is asked of it: axe goes
# through what is hidden, too, before it leaves it out.
ASK_AXE = """async ([where, asked, whole]) => {
    const others = whole ? [] : [...document.querySelectorAll('.view[hidden]')];
    const places = others.map((one) => {
        const place = document.createComment('');
        one.replaceWith(place);
        return place; });
    try { return (await axe.run(where ?? document, asked)).violations; }
    finally { others.forEach((one, k) => places[k].replaceWith(one)); } }"""


def serious(
    page: Page, where: str | None = None, whole: bool = False, **options: Any
) -> list[tuple[str, str, list[str]]]:
    """What axe finds, inside ``where``, that keeps somebody out: (rule, its words, elements).

    ``whole``: of the views that are hidden, too, such as an id that two of them have.
    """
    asked = {
        "resultTypes": ["violations"],  # of what passes, nobody needs the elements
        "rules": {rule: {"enabled": False} for rule in UNREAD},
        **options,
    }
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [
        (v["id"], v["help"], [n["html"][:160] for n in v["nodes"]])
        for v in page.evaluate(ASK_AXE, [where, asked, whole])
        if v["impact"] in {"serious", "critical"}
    ]


def unreached(page: Page) -> tuple[list[str], int]:
    """What can be used and has no place in the order of the Tab key; and how much can be used."""
    wanted = page.evaluate(
        """(selector) => {
            window.reach = [...document.querySelectorAll(selector)].filter((e) =>
                e.checkVisibility({ visibilityProperty: true }) && !e.disabled && e.tabIndex >= 0
                && !e.closest('svg, .modebar'));
            window.reached = new Set(); // by its markup too: a table may be made again meanwhile
            document.addEventListener('focusin', ({ target }) =>
                window.reached.add(target).add(target.outerHTML));
            document.activeElement.blur();
            window.scrollTo(0, 0);
            return window.reach.length; }""",
        INTERACTIVE,
    )
    for _ in range(wanted + 12):
        page.keyboard.press("Tab")
    missing = page.evaluate(
        """window.reach.filter((e) => !window.reached.has(e)).map((e) => e.outerHTML)
            .filter((markup) => !window.reached.has(markup))"""
    )
    return missing, wanted


def wide(page: Page, sizes: tuple[tuple[int, int], ...] = SIZES) -> list[int]:
    """Sizes at which the page scrolls sideways."""
    found = []
    for width, height in sizes:
        if page.viewport_size != {"width": width, "height": height}:
            page.set_viewport_size({"width": width, "height": height})
        try:
            page.wait_for_function(FITS, timeout=8_000)
        except TimeoutError:
            found.append(width)
    return found


def every_slider_has_a_label(page: Page) -> None:
    """In the Spectrometer, and each number beside one a name of its own."""
    labels = page.locator("#view-spectrometer input[type=range]").evaluate_all(
        "(all) => all.map((r) => [...r.labels].map((l) => l.textContent).join())"
    )
    assert len(labels) == 8 and all(labels)
    numbers = page.locator(".value input").evaluate_all(
        "(all) => all.map((n) => n.getAttribute('aria-label'))"
    )
    assert len(set(numbers)) == 8
