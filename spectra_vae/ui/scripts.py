"""The page's scripts: our ES modules, and Dash's own, in as few requests as they can do with.

Ours are served as they are written; what the first page imports is named in its head, so that
nothing is asked for only after something else has come. Dash's are classic scripts: what doesn't
look for its neighbours by its own address is sent as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from flask.testing import FlaskClient

MAIN = "main.js"
COMBINED = "/vendor/dash-renderer.js"  # Dash looks for its renderer's name in the page
# A browser that knows modules needs no polyfill; nothing here is a DataTable.
UNUSED = re.compile(r"/deps/polyfill|/dash_table/")
# It asks for its parts beside its own address.
LOADS_OTHERS = re.compile(r"/dash/dcc/dash_core_components\.")
_STATIC_IMPORT = re.compile(r'^(?:import|export)\s(?:[^"(;]*\sfrom\s)?"(\.[^"]+)";?$', re.MULTILINE)
_SOURCE = re.compile(r'<script src="([^"]+)"></script>')


def imported(assets: Path, start: str = MAIN) -> list[str]:
    """Modules that ``start`` needs at once, itself first: paths below ``assets``."""
    found: list[str] = []
    waiting = [start]
    while waiting:
        name = waiting.pop(0)
        if name in found:
            continue
        found.append(name)
        text = (assets / name).read_text(encoding="utf-8")
        for other in _STATIC_IMPORT.findall(text):
            path = (assets / name).parent.joinpath(other).resolve()
            waiting.append(path.relative_to(assets.resolve()).as_posix())
    return found


def preloads(assets: Path) -> str:
    """Links that ask for all modules of the first page at once."""
    return "\n".join(
        f'<link rel="modulepreload" href="/assets/{name}">' for name in imported(assets)
    )


def sources(scripts: str) -> list[str]:
    """Addresses of the scripts in Dash's HTML that the page needs, in order."""
    return [one for one in _SOURCE.findall(scripts) if not UNUSED.search(one)]


def together(scripts: str) -> list[str]:
    """Those of them that can be sent as one."""
    return [one for one in sources(scripts) if not LOADS_OTHERS.search(one)]


def combined(scripts: str) -> str:
    """Dash's script elements with all that can be one in one."""
    alone = [one for one in sources(scripts) if LOADS_OTHERS.search(one)]
    return "\n".join(f'<script src="{one}"></script>' for one in (COMBINED, *alone))


def joined(addresses: Iterable[str], client: FlaskClient, host: str) -> bytes:
    """What is served at these addresses, one script after the other."""
    return b";\n".join(client.get(one, base_url=host).data for one in addresses)
