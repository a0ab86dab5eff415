# -*- coding: utf-8 -*-
"""Restyle's GIMP plug-in: standard library only, Python 2.7 and 3."""
