"""Draw them all, or those that are named: ``python -m restyle_training.drawn FOLDER [NAME…]``."""

from __future__ import annotations

import sys
from pathlib import Path

from restyle_training.drawn.canvas import picture
from restyle_training.drawn.gallery import DRAWN

QUALITY = 90


def main(arguments: list[str] | None = None) -> int:
    folder, *names = sys.argv[1:] if arguments is None else arguments
    for name in names or DRAWN:
        picture(DRAWN[name]()).save(Path(folder) / f"{name}.jpg", quality=QUALITY)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
