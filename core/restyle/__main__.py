"""``python -m restyle`` is the command line."""

import sys

from restyle.cli import main

if __name__ == "__main__":
    sys.exit(main())
