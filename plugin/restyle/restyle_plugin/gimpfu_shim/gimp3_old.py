"""GIMP 2.10's procedures that GIMP 3.x has under another name, in another form, or only as a filter.

A name that GIMP 3 dropped is first looked for in the tables of calls (gimp3_old_*.py), then by the rules below.
"""

import re

from . import (
    gimp3_old_colors,
    gimp3_old_data,
    gimp3_old_edit,
    gimp3_old_files,
    gimp3_old_filters,
    gimp3_old_images,
    gimp3_old_looks,
    gimp3_old_transforms,
)
from .gimp3_calls import exists

_TABLES = (
    gimp3_old_images.CALLS,
    gimp3_old_data.CALLS,
    gimp3_old_edit.CALLS,
    gimp3_old_transforms.CALLS,
    gimp3_old_colors.CALLS,
    gimp3_old_filters.CALLS,
    gimp3_old_looks.CALLS,
    gimp3_old_files.CALLS,
)
# Same arguments, another name.
_RENAMED = """
    gimp-channel-ops-duplicate gimp-image-duplicate
    gimp-color-balance gimp-drawable-color-balance
    gimp-context-get-dynamics gimp-context-get-dynamics-name
    gimp-context-set-dynamics gimp-context-set-dynamics-name
    gimp-convert-grayscale gimp-image-convert-grayscale
    gimp-convert-indexed gimp-image-convert-indexed
    gimp-convert-rgb gimp-image-convert-rgb
    gimp-crop gimp-image-crop
    gimp-desaturate-full gimp-drawable-desaturate
    gimp-display-is-valid gimp-display-id-is-valid
    gimp-drawable-bpp gimp-drawable-get-bpp
    gimp-drawable-bytes gimp-drawable-get-bpp
    gimp-drawable-height gimp-drawable-get-height
    gimp-drawable-offsets gimp-drawable-get-offsets
    gimp-drawable-width gimp-drawable-get-width
    gimp-edit-clear gimp-drawable-edit-clear
    gimp-edit-fill gimp-drawable-edit-fill
    gimp-edit-named-paste-as-new gimp-edit-named-paste-as-new-image
    gimp-edit-paste-as-new gimp-edit-paste-as-new-image
    gimp-edit-stroke gimp-drawable-edit-stroke-selection
    gimp-edit-stroke-vectors gimp-drawable-edit-stroke-item
    gimp-file-save-thumbnail gimp-file-create-thumbnail
    gimp-gradients-get-active gimp-context-get-gradient
    gimp-gradients-get-gradient gimp-context-get-gradient
    gimp-gradients-set-active gimp-context-set-gradient
    gimp-gradients-set-gradient gimp-context-set-gradient
    gimp-brushes-set-brush gimp-context-set-brush
    gimp-brushes-get-opacity gimp-context-get-opacity
    gimp-brushes-set-opacity gimp-context-set-opacity
    gimp-brushes-get-paint-mode gimp-context-get-paint-mode
    gimp-brushes-set-paint-mode gimp-context-set-paint-mode
    gimp-brushes-list gimp-brushes-get-list
    gimp-buffers-get-list gimp-buffers-get-name-list
    gimp-dynamics-get-list gimp-dynamics-get-name-list
    gimp-patterns-set-pattern gimp-context-set-pattern
    gimp-patterns-list gimp-patterns-get-list
    gimp-palettes-set-palette gimp-context-set-palette
    gimp-image-base-type gimp-image-get-base-type
    gimp-image-floating-selection gimp-image-get-floating-sel
    gimp-image-height gimp-image-get-height
    gimp-image-is-valid gimp-image-id-is-valid
    gimp-image-list gimp-get-images
    gimp-image-width gimp-image-get-width
    gimp-layer-get-preserve-trans gimp-layer-get-lock-alpha
    gimp-layer-mask gimp-layer-get-mask
    gimp-layer-set-preserve-trans gimp-layer-set-lock-alpha
    gimp-palette-get-background gimp-context-get-background
    gimp-palette-get-foreground gimp-context-get-foreground
    gimp-palette-set-background gimp-context-set-background
    gimp-palette-set-default-colors gimp-context-set-default-colors
    gimp-palette-set-foreground gimp-context-set-foreground
    gimp-palette-swap-colors gimp-context-swap-colors
    gimp-palette-entry-get-color gimp-palette-get-entry-color
    gimp-palette-entry-get-name gimp-palette-get-entry-name
    gimp-palette-entry-set-color gimp-palette-set-entry-color
    gimp-palette-entry-set-name gimp-palette-set-entry-name
    gimp-palette-get-info gimp-palette-get-color-count
    gimp-palette-refresh gimp-palettes-refresh
    gimp-parasite-attach gimp-attach-parasite
    gimp-parasite-detach gimp-detach-parasite
    gimp-parasite-find gimp-get-parasite
    gimp-parasite-list gimp-get-parasite-list
    gimp-posterize gimp-drawable-posterize
    gimp-selection-clear gimp-selection-none
    gimp-temp-name gimp-temp-file
    gimp-undo-push-group-end gimp-image-undo-group-end
    gimp-undo-push-group-start gimp-image-undo-group-start
    gimp-vectors-export-to-string gimp-image-export-path-to-string
    gimp-vectors-import-from-file gimp-image-import-paths-from-file
    gimp-vectors-import-from-string gimp-image-import-paths-from-string
"""
_NAMES = dict(line.split() for line in _RENAMED.strip().splitlines())
# Whole families; a rule counts where GIMP 3 has what it leads to.
_RULES = [
    (re.compile(pattern), new)
    for pattern, new in (
        (r"^gimp-(?:drawable|layer|channel|vectors)-((?:get|set)-(?:name|visible|tattoo|image))$", r"gimp-item-\1"),
        (r"^gimp-(?:drawable|layer|channel|vectors)-delete$", "gimp-item-delete"),
        (r"^gimp-(?:item|drawable|vectors)-is-vectors$", "gimp-item-id-is-path"),
        (r"^gimp-(?:item|drawable|vectors)-is-([a-z-]+)$", r"gimp-item-id-is-\1"),
        (r"^gimp-image-parasite-(attach|detach)$", r"gimp-image-\1-parasite"),
        (r"^gimp-image-parasite-find$", "gimp-image-get-parasite"),
        (r"^gimp-image-parasite-list$", "gimp-image-get-parasite-list"),
        (r"^gimp-(?:drawable|vectors)-parasite-(attach|detach)$", r"gimp-item-\1-parasite"),
        (r"^gimp-(?:drawable|vectors)-parasite-find$", "gimp-item-get-parasite"),
        (r"^gimp-(?:drawable|vectors)-parasite-list$", "gimp-item-get-parasite-list"),
        (r"^gimp-image-(raise|lower)-(?:layer|channel|vectors)(|-to-top|-to-bottom)$", r"gimp-image-\1-item\2"),
        (r"^gimp-image-get-(?:layer|channel|vectors)-position$", "gimp-image-get-item-position"),
        (r"^gimp-image-(get-vectors-by-.*|(?:insert|remove)-vectors)$", None),
        (r"^gimp-image-(get|freeze|thaw)-vectors$", r"gimp-image-\1-paths"),
        (r"^gimp-vectors-(.*)$", r"gimp-path-\1"),
    )
]

__all__ = ["find", "new_name"]


def find(name):
    """Return the gimp3_table.Call of an old procedure, or None."""
    for table in _TABLES:
        if name in table:
            return table[name]
    return None


def new_name(name):
    """Return the name under which GIMP 3 has a procedure, or the same."""
    if name in _NAMES:
        return _NAMES[name]
    if exists(name):
        return name
    for pattern, new in _RULES:
        if pattern.match(name):
            other = name.replace("vectors", "path") if new is None else pattern.sub(new, name)
            if exists(other):
                return other
    return name
