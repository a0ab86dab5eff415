"""A layer of 24 megapixels in a real GIMP, by Fast Style: from click to layer, and what of it is the plug-in's own share.

Read and write are GIMP's pixels, send and receive the private socket; paint is the server's, and what is left is small. The
server is warm; no window is open.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import pytest

from tests.gimp.inside import outcome_in

GIMPS = {"2.10": "2.10 by Python 3", "3.0": "3.0", "3.2": "3.2"}
OWN = ("read_s", "send_s", "receive_s", "write_s")
LIMITS = {"own_share_s": 1.5}
"""What the project promises on two cores of what is around the painting."""


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gimp", nargs="+", default=["2.10", "3.0"], choices=GIMPS)
    parser.add_argument("--json", action="store_true", help="end with one line of figures")
    options = parser.parse_args(argv)
    figures = {series: found for series in options.gimp if (found := measured(series))}
    for series, found in figures.items():
        parts = ", ".join(f"{name[:-2]} {found[name]:.2f} s" for name in OWN)
        print(f"GIMP {series}: click to layer {found['click_to_layer_s']:.2f} s, of which paint {found['paint_s']:.2f} s")
        print(f"  own share {found['own_share_s']:.2f} s (at most {LIMITS['own_share_s']} s): {parts}")
    if options.json:
        print(json.dumps(figures))
    return int(any(found[name] > limit for found in figures.values() for name, limit in LIMITS.items()))


def measured(series: str) -> dict[str, float]:
    """The figures of one GIMP; {} where there is none here."""
    with tempfile.TemporaryDirectory(prefix="rs") as folder:
        path = Path(folder) / "figures.json"
        try:
            said, outcome = outcome_in(GIMPS[series], Path(folder), ["large_layer"], {"RESTYLE_TEST_FIGURES": str(path)})
        except (pytest.skip.Exception, pytest.fail.Exception) as reason:
            print(f"GIMP {series}: {reason}")
            return {}
        if not path.exists():
            raise SystemExit(f"{said}\n{outcome}")
        found: dict[str, float] = json.loads(path.read_text())
    return found | {"own_share_s": sum(found[name] for name in OWN)}


if __name__ == "__main__":
    sys.exit(main())
