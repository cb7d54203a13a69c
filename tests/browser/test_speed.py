"""Sliders at the speed of the hand: how many spectra are drawn of the frames that could be."""

from __future__ import annotations

import pytest

from .hands import APP, open_spectrometer, settled

pytestmark = pytest.mark.alone

TRIES = 4
SHARE = 0.75  # react alone drew a third
DRAG = """([drawing, seconds]) => new Promise((done) => {
    const app = window.dash_clientside.spectrometer.state, range = document.getElementById('z-3');
    app.drawing = drawing;
    const frames = app.frames, drawn = app.figure.drawn, start = performance.now();
    let moves = 0;
    const move = () => {
        const now = performance.now() - start;
        if (now > 1000 * seconds) {
            clearInterval(hand);
            app.drawing = true;
            done({ moves, frames: app.frames - frames, drawn: app.figure.drawn - drawn });
            range.dispatchEvent(new Event('change', { bubbles: true }));
            return;
        }
        for (; moves < (now * 60) / 1000; moves++) {
            range.value = -2.5 * Math.sin(moves / 20);
            range.dispatchEvent(new Event('input', { bubbles: true }));
        }
    };
    const hand = setInterval(move, 1000 / 60);
})"""


def test_the_frames_are_drawn_while_a_slider_moves(page):
    open_spectrometer(page)
    settled(page)
    assert page.evaluate(f"{APP}.figure.fast")
    page.evaluate(DRAG, [True, 0.5])  # warms the page's compiler up
    settled(page)
    seen = []
    for _ in range(TRIES):
        without = page.evaluate(DRAG, [False, 3])
        settled(page)
        with_it = page.evaluate(DRAG, [True, 3])
        settled(page)
        seen.append((without, with_it))
        print(f"\nframes {without['frames']}, drawn {with_it['drawn']} in 3 s")
        assert without["drawn"] == 0 and with_it["moves"] > 100
        if with_it["drawn"] >= SHARE * without["frames"]:
            return
    best = max(drawing["drawn"] / idle["frames"] for idle, drawing in seen)
    assert best >= SHARE, f"drawn fewer than {SHARE} of the frames: {seen}"
