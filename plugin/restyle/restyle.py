#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""Restyle in GIMP: the file that GIMP starts. It registers the filters and runs the one that was chosen."""

from __future__ import absolute_import

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from restyle_plugin import menu
from restyle_plugin.errors import CatalogueDamaged

# GIMP 2.10 calls `prog -gimp R W -query 0`; only it can bring the real gimpfu, which needs Python 2.7.
GIMP_2_ARGUMENTS = 6


def gimpfu_module():
    """Return the real gimpfu where this GIMP brings it, else the shim."""
    if sys.version_info[0] == 2 and len(sys.argv) == GIMP_2_ARGUMENTS:
        try:
            import gimpfu

            return gimpfu
        except ImportError:
            pass
    from restyle_plugin import gimpfu_shim

    return gimpfu_shim


def main():
    """Register the filters and be the plug-in."""
    gimpfu = gimpfu_module()
    try:
        menu.register_filters(gimpfu, menu.catalogue())
    except CatalogueDamaged as error:
        menu.register_notice(gimpfu, error)
    gimpfu.main()


if __name__ == "__main__":
    main()
