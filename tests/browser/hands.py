"""What a person's hands and eyes do on the page, as functions of a Playwright page."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from playwright.sync_api import Locator, Page, expect

from spectra_vae.minerals import mineral

FACTORS = ("hydration", "crystallinity", "shift", "intensity", "purity")
APP = "window.dash_clientside?.spectrometer?.state"


def open_spectrometer(page: Page, path: str = "/") -> None:
    """Open the page and wait for the first spectrum."""
    page.goto(path)
    drawn(page)


GO = """async ([path, asked]) => {
    const { query } = await import('/assets/lib/address.js');
    const { go } = await import('/assets/lib/views.js');
    for (const [key, value] of Object.entries(asked)) query.set(key, value);
    go(path); }"""


def go(page: Page, path: str, **asked: str) -> None:
    """On the page that is open, as if a link of it led to a view and asked that of it."""
    page.evaluate(GO, [path, asked])


def drawn(page: Page, model: str | None = None) -> None:
    page.wait_for_function(
        f"(id) => {APP}?.figure?.drawn > 0 && (!id || {APP}.model.id === id)"
        " && document.querySelector('#spectrum .js-line')",
        arg=model,
    )


def colour(page: Page, name: str) -> str:
    """A hue of the stylesheet, #RRGGBB."""
    script = "async (name) => (await import('/assets/lib/page.js')).color(name)"
    return str(page.evaluate(script, name))


def slider(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def number(page: Page, name: str) -> Locator:
    return page.get_by_role("spinbutton", name=re.compile(rf"^{name} #\d, value"))


def code(page: Page) -> np.ndarray:
    return np.array(page.evaluate(f"{APP}.code"))


def shown_code(page: Page) -> np.ndarray:
    """The code that the address tells."""
    text = page.evaluate("new URL(location).searchParams.get('z') || ''")
    return np.array([float(v) for v in text.split(",")])


# Told and still: before the first frame of a glide the address holds the code as well, and a frame
# may come late; only both together, one after the other, say that nothing moves.
AT_REST = f"""() => new Promise((done) => {{
    const app = {APP}, seen = () => app.frames + ' ' + app.code, before = seen();
    setTimeout(() => {{
        const told = new URL(location).searchParams.get('z');
        const same = told === null
            ? app.code.every((v, j) => v === app.model.origin[j])
            : told === app.address().z;
        done(same && before === seen() && !!document.querySelector('#bands table'));
    }}, 250);
}})"""


def settled(page: Page) -> None:
    """Nothing moves any more: the address holds the code, the figure and the table follow."""
    page.wait_for_function(AT_REST)
    expect(page.locator("#bands")).not_to_have_class(re.compile("stale"))


def move_to(page: Page, z: Any, model: str = "gypsum") -> None:
    """A model at a code, as another view's button opens it."""
    to = {"model": model, "z": list(z)}
    page.evaluate("(to) => window.dash_clientside.spectrometer.moveTo(to)", to)
    drawn(page, model)
    settled(page)


def frame(page: Page) -> None:
    """What the last move asked for has been drawn."""
    page.evaluate("new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))")


def path(page: Page, trace: str = "curve-left") -> np.ndarray:
    """A drawn line's points in pixels, (n, 2)."""
    text = page.locator(f"#spectrum .trace{trace} path.js-line").get_attribute("d")
    return np.array(re.findall(r"([-\d.]+),([-\d.]+)", text or ""), dtype=float)


def ranges(page: Page) -> Any:
    """Plotly's axis ranges and the pixels they lie on."""
    return page.evaluate(
        f"""() => {{ const full = {APP}.figure.element._fullLayout; return Object.fromEntries(
        ['xaxis', 'yaxis', 'xaxis2', 'yaxis2', 'xaxis3', 'yaxis3'].filter((k) => full[k]).map(
            (k) => [k, [...full[k].range, full[k]._offset, full[k]._length]])); }}"""
    )


def thumb(range_input: Locator) -> tuple[float, float]:
    """Where the thumb of a slider is, in the window."""
    range_input.scroll_into_view_if_needed()
    box = range_input.bounding_box()
    assert box
    share = range_input.evaluate("(r) => (r.value - r.min) / (r.max - r.min)")
    return box["x"] + 8 + share * (box["width"] - 16), box["y"] + box["height"] / 2


def drag(page: Page, range_input: Locator, by: float, steps: int = 8) -> None:
    """Take the thumb and move it by ``by`` pixels; the button stays down."""
    x, y = thumb(range_input)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y, steps=steps)


def areas(page: Page) -> dict[str, list[float]]:
    """The last row of the band table, area against gypsum, by group."""
    table = page.get_by_role("table")
    heads = table.locator("thead th").evaluate_all(
        "(cells) => cells.slice(1).map((c) => c.querySelector('.key').dataset.bands)"
    )
    cells = table.get_by_role("row", name="area, against gypsum").get_by_role("cell")
    found: dict[str, list[float]] = {}
    for group, text in zip(heads, cells.all_inner_texts(), strict=True):
        found.setdefault(group, []).append(float(text.replace("−", "-").rstrip(" ×")))
    return found


def add_files(page: Page, files: Any) -> None:
    """Choose files in the dialog that "Add files" opens."""
    with page.expect_file_chooser() as chooser:
        page.get_by_text("Add files").first.click()
    chooser.value.set_files(files)


def result(page: Page, name: str) -> None:
    """Until the restoration of ``name`` is on the screen with all its cards."""
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Checks")).to_be_visible()
    expect(page.locator("#restored .js-line").first).to_be_visible()
    expect(page.locator("#restore-busy")).to_be_hidden()


def estimate(page: Page, name: str) -> str:
    """One line of the estimates: name, value and interval, or unknown."""
    line = page.locator("#estimates .estimate", has=page.get_by_text(name, exact=True))
    return line.locator(".line").inner_text().replace("\n", " ")


def run_row(page: Page, name: str) -> Locator:
    """A run in Training's table."""
    return page.locator("#runs-table tbody tr").filter(has_text=name)


def watched_run(page: Page) -> Locator:
    return page.get_by_role("region", name="The run that is watched")


def pure_spectrum(name: str = "measured.csv", noise: float = 0.004) -> Any:
    """A file as Playwright drops it: a measurement of a pure carbonate, over a background."""
    x = np.arange(120.0, 1300.0, 1.5)
    y = mineral("calcite").spectrum(x) + 0.1 + 1e-4 * x
    y += np.random.default_rng(7).normal(0, noise, len(x))
    rows = "\n".join(f"{a:.1f},{1000 * b:.2f}" for a, b in zip(x, y, strict=True))
    return {"name": name, "mimeType": "text/csv", "buffer": rows.encode()}
