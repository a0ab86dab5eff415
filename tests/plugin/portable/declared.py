# -*- coding: utf-8 -*-

"""Filters as the catalogue declares them, with whatever a test needs: inputs by kind, parameters by type."""

from __future__ import absolute_import, unicode_literals

__all__ = ["a_filter", "a_param", "an_input"]


def a_filter(inputs, params=(), name="photo-style"):
    """Return a filter of the catalogue."""
    title = name.replace("-", " ").title()
    return {
        "id": name,
        "title": title,
        "menu_label": title + "...",
        "summary": "What it does.",
        "paper": "Whose it is.",
        "inputs": [an_input("content", "layer", 1, 1)] + list(inputs),
        "params": list(params),
    }


def an_input(name, kind, minimum=0, maximum=1, weighted=False):
    """Return an input of the catalogue."""
    return {
        "name": name,
        "kind": kind,
        "title": name.title(),
        "description": "",
        "minimum": minimum,
        "maximum": maximum,
        "weighted": weighted,
    }


def a_param(name, kind, default, **more):
    """Return a parameter of the catalogue."""
    described = {
        "name": name,
        "type": kind,
        "title": name.replace("_", " ").capitalize(),
        "description": "What it sets.",
        "default": default,
        "unit": "",
        "group": "",
        "dialog": True,
    }
    described.update(more)
    return described
