"""GIMP 3.0 and 3.2: the backend functions, through gi. The dialog's toolkit is loaded only when one is shown."""

from .gimp3_images import (
    image_active_drawable,
    image_base_type,
    image_channels,
    image_delete,
    image_filename,
    image_height,
    image_insert_layer,
    image_is_valid,
    image_layers,
    image_list,
    image_name,
    image_new,
    image_precision,
    image_remove_layer,
    image_selection,
    image_undo_group_end,
    image_undo_group_start,
    image_width,
    load_image,
    selection_bounds,
    selection_is_empty,
)
from .gimp3_items import (
    drawable_has_alpha,
    drawable_height,
    drawable_offsets,
    drawable_type,
    drawable_width,
    item_attach_parasite,
    item_children,
    item_image,
    item_is_valid,
    item_kind,
    item_name,
    item_parasite,
    item_parent,
    item_position,
    item_set_name,
    layer_add_alpha,
    layer_add_mask,
    layer_create_mask,
    layer_edit_mask,
    layer_mask,
    layer_new,
    layer_set_offsets,
)
from .gimp3_pdb import call, get_data, procedure_exists, procedure_signature, set_data
from .gimp3_pixels import drawable_read, drawable_write
from .gimp3_procedures import main
from .gimp3_talk import (
    displays_flush,
    message,
    progress_end,
    progress_init,
    progress_pulse,
    progress_text,
    progress_update,
)

# GIMP keeps a procedure's last values in its config.
KEEPS_LAST_VALUES = True

__all__ = [
    "KEEPS_LAST_VALUES",
    "call",
    "dialog",
    "displays_flush",
    "drawable_has_alpha",
    "drawable_height",
    "drawable_offsets",
    "drawable_read",
    "drawable_type",
    "drawable_width",
    "drawable_write",
    "get_data",
    "image_active_drawable",
    "image_base_type",
    "image_channels",
    "image_delete",
    "image_filename",
    "image_height",
    "image_insert_layer",
    "image_is_valid",
    "image_layers",
    "image_list",
    "image_name",
    "image_new",
    "image_precision",
    "image_remove_layer",
    "image_selection",
    "image_undo_group_end",
    "image_undo_group_start",
    "image_width",
    "item_attach_parasite",
    "item_children",
    "item_image",
    "item_is_valid",
    "item_kind",
    "item_name",
    "item_parasite",
    "item_parent",
    "item_position",
    "item_set_name",
    "layer_add_alpha",
    "layer_add_mask",
    "layer_create_mask",
    "layer_edit_mask",
    "layer_mask",
    "layer_new",
    "layer_set_offsets",
    "load_image",
    "main",
    "message",
    "procedure_exists",
    "procedure_signature",
    "progress_end",
    "progress_init",
    "progress_pulse",
    "progress_text",
    "progress_update",
    "selection_bounds",
    "selection_is_empty",
    "set_data",
]


def dialog(procedure, values, image, drawable):
    """Ask the person for the values of the call under way; None where it was cancelled.

    Shows the config's values, which GIMP filled with the last ones, and keeps what is chosen there.
    """
    from .gimp3_dialog import ask

    return ask(procedure, values)
