# -*- coding: utf-8 -*-

"""Filters as the catalogue declares them, with whatever a test needs: inputs by kind, parameters by type."""

from __future__ import absolute_import, unicode_literals

__all__ = ["a_filter", "a_param", "an_input"]


def a_filter(inputs, params=(), name="photo-style", held=""):
    """Return a filter of the catalogue."""
    title = name.replace("-", " ").title()
    return {
        "id": name,
        "title": title,
        "menu_label": title + "...",
        "summary": "What it does.",
        "paper": "Whose it is.",
        "inputs": [an_input("content", "layer", 1, 1)] + list(inputs),
        "outputs": [{"name": "result", "title": "Result", "size": "content", "role": "painting", "kind": "picture"}],
        "held": held,
        "params": list(params),
    }


def an_input(name, kind, minimum=0, maximum=1, weighted=False, guided=True):
    """Return an input of the catalogue."""
    return {
        "name": name,
        "kind": kind,
        "title": name.title(),
        "description": "",
        "minimum": minimum,
        "maximum": maximum,
        "weighted": weighted,
        "guided": guided,
        "shared": False,
        "offered": False,
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
        "role": name if name in ("regions", "mixing", "seed") else None,
        "dialog": True,
    }
    described.update(more)
    return described
