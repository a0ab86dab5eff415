"""Restyle's installer: what `python3 installer` runs. Standard library only, Python 3.8 and newer."""
