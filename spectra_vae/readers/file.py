"""What sentences call a file, and the sentences that formats share."""

from __future__ import annotations

from dataclasses import dataclass

from ..spectra.spectrum import SpectrumError

TEXT_LENGTH = 200


@dataclass(frozen=True)
class File:
    """The name and the format of a file that is being read."""

    name: str
    format: str

    def damaged(self) -> SpectrumError:
        """What to raise where a file can't be understood, or ends too early."""
        return SpectrumError("error.damaged", name=self.name, format=self.format)

    def without_spectrum(self) -> SpectrumError:
        """What to raise where a sound file holds no Raman spectrum."""
        return SpectrumError("error.no_spectrum", name=self.name, format=self.format)

    def of_unit(self, unit: str) -> SpectrumError:
        """What to raise where the axis is no Raman shift and can't become one."""
        return SpectrumError("error.axis_unit", name=self.name, unit=readable(unit)[:40])


def readable(text: object) -> str:
    """A short text on one line."""
    return "".join(c for c in str(text) if c.isprintable()).strip()[:TEXT_LENGTH]


def decoded(raw: bytes) -> str:
    """A text of a binary file, up to its first zero."""
    return readable(raw.split(b"\0", 1)[0].decode("cp1252", "replace"))
