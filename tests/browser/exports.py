"""What the Spectrometer saves, as functions of a Playwright page: tables and a picture."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
from playwright.sync_api import expect

import spectra_vae as sv

from .hands import code, move_to, settled, slider

ORIGIN = np.zeros(8)
PIXEL = """async (data) => {
    const image = new Image();
    image.src = 'data:image/png;base64,' + data;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    const rows = context.getImageData(0, image.height - 130, image.width, 110).data;
    let ink = 0;
    for (let i = 0; i < rows.length; i += 4) ink += Math.abs(rows[i] - rows[0]) > 60;
    const corner = [...context.getImageData(1, 1, 1, 1).data];
    return { size: [image.width, image.height], corner, ink };
}"""


def csv_export_reads_back(page, vs):
    move_to(page, ORIGIN)
    slider(page, "hydration").press("Home")
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").first.click()
    assert download.value.suggested_filename == "spectrum.csv"
    file = Path(download.value.path())
    z = code(page)
    read = sv.read_spectrum(file.read_bytes(), "spectrum.csv")
    assert np.allclose(read.wavenumber, vs.wavenumber)
    assert np.allclose(read.intensity, vs.decode(z), atol=1e-5)
    head = [line for line in file.read_text().splitlines() if line.startswith("#")]
    assert "# model: gypsum" in head
    told = next(line for line in head if line.startswith("# z: "))
    assert np.allclose([float(v) for v in told[5:].split()], z)


def csv_export_holds_the_simulated_measurement_that_is_shown(page):
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").first.click()
    rows = [r for r in Path(download.value.path()).read_text().splitlines() if r[0] != "#"]
    assert rows[0] == "wavenumber_cm-1,intensity,simulated"
    table = np.array([[float(v) for v in row.split(",")] for row in rows[1:]])
    assert 0 < np.std(table[:, 2] - table[:, 1]) < 0.1


def a_picture_has_the_pages_ground_and_says_what_made_it(page):
    box = page.locator("#spectrum .main-svg").first.bounding_box()
    for scheme, ground in (("light", 0xFFFFFF), ("dark", 0x171B21)):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_have_attribute("data-bs-theme", scheme)
        with page.expect_download() as download:
            page.get_by_role("button", name="Picture").click()
        assert download.value.suggested_filename == "spectrum.png"
        data = Path(download.value.path()).read_bytes()
        assert data.startswith(b"\x89PNG") and len(data) > 10_000
        found = page.evaluate(PIXEL, base64.b64encode(data).decode())
        assert found["corner"] == [ground >> 16, ground >> 8 & 255, ground & 255, 255]
        assert found["size"][0] == 2 * round(box["width"]) + 64
        assert found["size"][1] >= 2 * round(box["height"]) + 128 + 3 * 36  # model, factors, code
        assert found["ink"] > 1000  # words stand there
