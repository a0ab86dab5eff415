"""The way in: `python3 installer COMMAND`. This file alone must be readable by any Python, so that an old one is told so."""

import os
import sys

OLDEST = (3, 8)


def main():
    if sys.version_info < OLDEST:
        sys.stderr.write(
            "Restyle's installer needs Python %d.%d or newer, and this is Python %d.%d (%s). "
            "Start it with a newer one: python3 installer demo\n" % (OLDEST + tuple(sys.version_info[:2]) + (sys.executable,))
        )
        return 2
    here = os.path.dirname(os.path.abspath(__file__))
    # The plug-in's folder, whose client speaks to the server for both: in a checkout, or around this in a packed plug-in.
    root = os.path.dirname(here)
    sys.path[:0] = [here, os.path.join(root, "plugin", "restyle"), os.path.dirname(root)]
    from restyle_installer import cli, words

    words.begin(sys.stdout, sys.stderr)
    return cli.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
