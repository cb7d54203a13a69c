"""Small files of every format that is read, written here: nothing in them was measured."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np

X = 200.0 + 2.5 * np.arange(401)
Y = np.round(500 + 0.1 * X + 4000 / (1 + ((X - 1008) / 6) ** 2) + 40 * np.sin(X))
LASER = 532.0


def text(x=X, y=Y, delimiter="\t", decimal=".", header="", newline="\n", encoding="utf-8") -> bytes:
    lines = [header] if header else []
    lines += [f"{a}{delimiter}{b}".replace(".", decimal) for a, b in zip(x, y, strict=True)]
    return (newline.join(lines) + newline).encode(encoding)


# --- JCAMP-DX ----------------------------------------------------------------------------------

FORMS = ("plain", "packed", "squeezed", "difference", "repeat")
_SQUEEZED = "ihgfedcba@ABCDEFGHI"
_DIFFERENCE = "rqponmlkj%JKLMNOPQR"
_REPEAT = " STUVWXYZs"


def _letter(number: int, letters: str) -> str:
    digits = str(abs(number))
    first = int(digits[0]) * (-1 if number < 0 else 1)
    return letters[9 + first] + digits[1:]


def ordinates(y: Sequence[int], form: str) -> str:
    """One line of intensities; in the difference forms the first is squeezed."""
    y = [int(value) for value in y]
    if form == "plain":
        return "".join(f" {value}" for value in y)
    if form == "packed":
        return "".join(f"{value:+d}" for value in y)
    if form == "squeezed":
        return "".join(_letter(value, _SQUEEZED) for value in y)
    steps = [_letter(b - a, _DIFFERENCE) for a, b in zip(y, y[1:], strict=False)]
    line, run = _letter(y[0], _SQUEEZED), 1
    for i, step in enumerate(steps):
        if form == "repeat" and i and step == steps[i - 1] and run < 9:
            run += 1
            continue
        line += (_REPEAT[run] if run > 1 else "") + step
        run = 1
    return line + (_REPEAT[run] if run > 1 else "")


def jcamp(x=X, y=Y, form="plain", units="1/CM", kind="RAMAN SPECTRUM", **records: object) -> bytes:
    """An evenly spaced table in one of ``FORMS``, or pairs; ``records`` are more labels."""
    said = {"TITLE": "made up", "JCAMP-DX": "4.24", "DATA TYPE": kind, "XUNITS": units}
    said |= {"YUNITS": "COUNTS", "FIRSTX": x[0], "LASTX": x[-1], "NPOINTS": len(x)}
    said |= {"XFACTOR": 1, "YFACTOR": 1} | {k.replace("_", " "): v for k, v in records.items()}
    lines = [f"##{key}={value}" for key, value in said.items()]
    if form == "pairs":
        lines += ["##XYPOINTS=(XY..XY)", *(f"{a}, {b}" for a, b in zip(x, y, strict=True))]
        return "\r\n".join([*lines, "##END=", ""]).encode()
    lines.append("##XYDATA=(X++(Y..Y))")
    checked = form in ("difference", "repeat")  # a line starts with the last value of the one above
    for i in range(0, len(y) - checked, 8):
        xs = round(float(x[i]) / float(said["XFACTOR"]))
        lines.append(f"{xs}{ordinates(y[i : i + 8 + checked], form)}")
    return "\r\n".join([*lines, "##END=", ""]).encode()


def jcamp_of(lines: list[str], first=X[0], last=X[-1], count=401) -> bytes:
    """A file with these lines as its table."""
    made = jcamp(FIRSTX=first, LASTX=last, NPOINTS=count).decode().split("\r\n")
    at = next(i for i, line in enumerate(made) if line.startswith("##XYDATA"))
    return "\r\n".join([*made[: at + 1], *lines, "##END=", ""]).encode()


def linked(*blocks: bytes) -> bytes:
    head = f"##TITLE=all\r\n##JCAMP-DX=4.24\r\n##DATA TYPE=LINK\r\n##BLOCKS={len(blocks)}\r\n"
    return head.encode() + b"".join(blocks) + b"##END=\r\n"


# --- Galactic SPC ------------------------------------------------------------------------------


def spc(
    x=X, spectra=Y, kind="float", axis="ends", unit=13, order="<", log="Laser = 532 nm", label=""
) -> bytes:
    """``kind`` 'float', 'long' or 'short'; ``axis`` 'ends', 'shared' or 'own'."""
    spectra = np.atleast_2d(spectra)
    several = len(spectra) > 1
    flags = (1 if kind == "short" else 0) | (4 if several else 0) | (32 if label else 0)
    flags |= {"ends": 0, "shared": 128, "own": 128 | 64}[axis]
    bits = {"float": 32, "long": 32, "short": 16}[kind]
    exponent = -128 if kind == "float" else int(np.ceil(np.log2(np.abs(spectra).max()))) + 1
    body = x.astype(order + "f4").tobytes() if axis == "shared" else b""
    for number, y in enumerate(spectra):
        own = exponent if several else 0
        points = len(x) if axis == "own" else 0
        body += struct.pack(order + "BbHfffIIf4x", 0, own, number, 0, 0, 0, points, 0, 0)
        if axis == "own":
            body += x.astype(order + "f4").tobytes()
        if kind == "float":
            body += y.astype(order + "f4").tobytes()
        else:
            scaled = np.round(y * 2.0 ** (bits - exponent))
            body += scaled.astype(f"{order}i{bits // 8}").tobytes()
    points = 0 if axis == "own" else len(x)
    head = struct.pack("<BB", flags, 0x4B if order == "<" else 0x4C)
    head += struct.pack(
        order + "BbIddI4B", 11, exponent, points, x[0], x[-1], len(spectra), unit, 4, 0, 0
    )
    head = head.ljust(218, b"\0") + label.encode().ljust(30, b"\0")
    head += struct.pack(order + "I", 512 + len(body) if log else 0)
    told = log.encode() + b"\0"
    tail = struct.pack(order + "5I44x", 64 + len(told), 4096, 64, 0, 0) + told if log else b""
    return head.ljust(512, b"\0") + body + tail


def old_spc(x=X, y=Y, unit=13) -> bytes:
    exponent = int(np.ceil(np.log2(np.abs(y).max()))) + 1
    words = np.round(y * 2.0 ** (32 - exponent)).astype("<i4").view("<u4")
    head = struct.pack("<BBhfffBB", 0, 0x4D, exponent, len(x), x[0], x[-1], unit, 0)
    return head.ljust(256, b"\0") + ((words << 16) | (words >> 16)).astype("<u4").tobytes()


# --- Renishaw WDF ------------------------------------------------------------------------------


def wdf(x=X, spectra=Y, unit=1, laser=LASER, title="made up") -> bytes:
    spectra = np.atleast_2d(spectra)
    count, points = spectra.shape
    head = struct.pack("<4sIQ", b"WDF1", 1, 512).ljust(0x3C, b"\0")
    head += struct.pack("<IQQ3II", points, count, count, 1, 1, points, 0)
    head = head.ljust(0x80, b"\0") + struct.pack("<II", 1, 3 if count > 1 else 1)
    head = head.ljust(0x98, b"\0") + struct.pack("<If", 6, 1e7 / laser if laser else 0)
    head = head.ljust(0xF0, b"\0") + title.encode()
    on_axis = struct.pack("<II", 1, unit) + x.astype("<f4").tobytes()
    parts = {b"DATA": spectra.astype("<f4").tobytes(), b"XLST": on_axis, b"TEXT": b"a note"}
    body = b"".join(struct.pack("<4sIQ", k, 0, 16 + len(v)) + v for k, v in parts.items())
    return head.ljust(512, b"\0") + body


# --- Bruker OPUS -------------------------------------------------------------------------------

RAMAN, RAMAN_STATUS, INSTRUMENT, ABSORBANCE = 0x280F, 0x281F, 0x20, 0x100F


def parameters(**values: object) -> bytes:
    out = b""
    for key, value in values.items():
        if isinstance(value, int):
            kind, data = 0, struct.pack("<i", value)
        elif isinstance(value, float):
            kind, data = 1, struct.pack("<d", value)
        else:
            kind, data = 2, str(value).encode() + b"\0"
            data += b"\0" * (len(data) % 2)
        out += struct.pack("<3sxhh", key.encode(), kind, len(data) // 2) + data
    out += b"END\0" + bytes(4)
    return out + b"\0" * (-len(out) % 4)


def opus(x=X, spectra=Y, unit="WN", laser=LASER, kind=RAMAN, **status: object) -> bytes:
    blocks = [(INSTRUMENT, parameters(INS="made up", **({"RLW": 1e7 / laser} if laser else {})))]
    for y in np.atleast_2d(spectra):
        said = {"DPF": 1, "NPT": len(x), "FXV": float(x[0]), "LXV": float(x[-1])}
        said |= {"CSF": 2.0, "DXU": unit, "MNY": float(y.min()), "MXY": float(y.max())} | status
        blocks.append((kind, (y / 2).astype("<f4").tobytes() + bytes(16)))
        blocks.append((kind | 16, parameters(**said)))
    start = 24 + 12 * (len(blocks) + 2)
    directory, body = b"", b""
    for block, data in blocks:
        directory += struct.pack("<Iii", block, len(data) // 4, start + len(body))
        body += data
    head = struct.pack("<4sd3i", b"\n\n\xfe\xfe", 920622.0, 24, 40, len(blocks) + 2)
    return head + directory.ljust(start - 24, b"\0") + body
