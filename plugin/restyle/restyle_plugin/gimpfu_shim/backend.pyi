"""What a GIMP is to the plug-in: the functions of a backend (a module or an object), by ids. One seam, one home for its contract.

Ids are positive numbers, 0 is none. Every function that is given the id of what is gone raises BackendError with GIMP's sentence.
Enumerations are GIMP 2.10's numbers everywhere. tests/contract asks all of this of each backend.
"""

from collections.abc import Callable, Iterable, Sequence
from types import ModuleType
from typing import Protocol, TypeAlias

from .procedure import Procedure

Value: TypeAlias = int | float | str | bytes | Sequence[Value] | None
"""A plain value of a procedure: an id, a number, a text, a colour (r, g, b) in 0..1, an array, a parasite (name, flags, data)."""
Pixels: TypeAlias = bytes | bytearray | memoryview
Signature: TypeAlias = Sequence[tuple[str, str]]
"""(name, kind) pairs; kinds as of pf.pdb_kind, "array" and "parasite"."""
Status: TypeAlias = str | tuple[str, str]
"""One of "success", "cancel" and ("error", text)."""
Dispatch: TypeAlias = Callable[[str, int, Sequence[Value]], tuple[Status, Sequence[Value]]]
"""(procedure's name, run mode, values) → (status, results); never raises."""

class Backend(Protocol):
    @property
    def KEEPS_LAST_VALUES(self) -> bool:
        """Whether this GIMP itself keeps a procedure's last values; else the shim does, by set_data."""
    # The life of a plug-in
    def main(self, procedures: Iterable[Procedure], dispatch: Dispatch) -> object:
        """Be the plug-in that GIMP started: answer its query, or run the procedure that it asks for."""
    def dialog(self, procedure: Procedure, values: Sequence[Value], image: int, drawable: int) -> Sequence[Value] | None:
        """Ask the person for all of a procedure's values, starting from `values`; None where it was cancelled."""
    def given_drawables(self, drawable: int) -> Sequence[int]:
        """Return all drawables that the call under way was given, `drawable` among them; it alone where it was given no other."""
    def call(self, name: str, args: Sequence[Value]) -> list[Value]:
        """Call a procedure of GIMP's database; BackendError with its message, Cancelled where the person cancelled it."""
    def procedure_exists(self, name: str) -> bool:
        """Whether GIMP knows a procedure of that name."""
    def procedure_signature(self, name: str) -> tuple[Signature, Signature]:
        """Return a procedure's arguments and results; BackendError where there is none of that name."""
    def set_data(self, key: str, data: bytes) -> None:
        """Keep bytes under a key until GIMP ends."""
    def get_data(self, key: str) -> bytes | None:
        """Return the bytes kept under a key, None for none."""
    def profile_folder(self) -> str:
        """Return the folder of the person's settings for this GIMP."""
    # Talking to the person
    def progress_init(self, text: str) -> None:
        """Show the progress bar with a text; its Cancel ends the process, or raises Cancelled at the next call."""
    def progress_text(self, text: str) -> None:
        """Change the progress bar's text."""
    def progress_update(self, fraction: float) -> None:
        """Fill the progress bar: 0 to 1."""
    def progress_pulse(self) -> None:
        """Show that something goes on, how far is not known."""
    def progress_end(self) -> None:
        """Take the progress bar away."""
    def displays_flush(self) -> None:
        """Redraw what changed."""
    def message(self, text: str) -> None:
        """Show a sentence: in a window, or on stderr where there is none."""
    def show_text(self, title: str, text: str) -> None:
        """Show a long text in a window that can copy it; return when it was closed."""
    # Images
    def image_new(self, width: int, height: int, base_type: int, precision: int) -> int:
        """Return a new image without display; base_type 0 RGB, 1 grey, 2 indexed; precision as of image_precision."""
    def image_delete(self, image: int) -> None:
        """Free an image that has no display."""
    def image_list(self) -> Sequence[int]:
        """Return all open images."""
    def image_is_valid(self, image: int) -> bool:
        """Whether the image is still there."""
    def image_width(self, image: int) -> int:
        """Return the canvas's width in pixels."""
    def image_height(self, image: int) -> int:
        """Return the canvas's height in pixels."""
    def image_base_type(self, image: int) -> int:
        """Return 0 for RGB, 1 for grey, 2 for indexed."""
    def image_precision(self, image: int) -> int:
        """Return 100 u8, 200 u16, 300 u32, 500 half, 600 float or 700 double; 50 more when not linear."""
    def image_name(self, image: int) -> str:
        """Return the name that the window's title shows."""
    def image_filename(self, image: int) -> str | None:
        """Return the path (or URI) of the image's file, None where it has none."""
    def image_layers(self, image: int) -> Sequence[int]:
        """Return the top-level layers, the topmost first."""
    def image_channels(self, image: int) -> Sequence[int]:
        """Return the channels, the topmost first."""
    def image_active_drawable(self, image: int) -> int:
        """Return the (first) selected layer, mask or channel, 0 for none."""
    def image_insert_layer(self, image: int, layer: int, parent: int, position: int) -> None:
        """Put a new layer into the group `parent` (0: top level), at `position` from the top; -1: above the active one."""
    def image_select_layer(self, image: int, layer: int) -> None:
        """Make a layer of the stack the only active one."""
    def image_remove_layer(self, image: int, layer: int) -> None:
        """Take a layer out of the stack."""
    def image_undo_group_start(self, image: int) -> None:
        """Open a group of changes that one undo takes back."""
    def image_undo_group_end(self, image: int) -> None:
        """Close the group of changes."""
    def load_image(self, path: str) -> int:
        """Return a new image without display, read from a file of any kind that GIMP knows."""
    # The selection
    def image_selection(self, image: int) -> int:
        """Return the selection, a channel as large as the canvas."""
    def selection_is_empty(self, image: int) -> bool:
        """Whether nothing is selected."""
    def selection_bounds(self, image: int) -> tuple[bool, int, int, int, int]:
        """Return (whether something is selected, x1, y1, x2, y2); x2 and y2 lie just outside."""
    # Items: layers, channels, masks, paths
    def item_is_valid(self, item: int) -> bool:
        """Whether the item is still there."""
    def item_kind(self, item: int) -> str:
        """Return "layer", "group", "text", "link", "vector", "mask", "channel", "selection", "vectors" or "path"."""
    def item_name(self, item: int) -> str:
        """Return the name that the dock shows."""
    def item_set_name(self, item: int, name: str) -> None:
        """Name it; GIMP adds "#1" where the name is taken."""
    def item_parent(self, item: int) -> int:
        """Return the group that it is in, 0 for none."""
    def item_children(self, item: int) -> Sequence[int]:
        """Return what is directly in a group, the topmost first; [] for anything but a group."""
    def item_image(self, item: int) -> int:
        """Return its image."""
    def item_position(self, item: int) -> int:
        """Return its place among its siblings, 0 on top."""
    def item_attach_parasite(self, item: int, name: str, flags: int, data: bytes) -> None:
        """Attach bytes under a name; flags: 1 = saved with the image, 2 = undoable."""
    def item_parasite(self, item: int, name: str) -> bytes | None:
        """Return the bytes attached under that name, None for none."""
    # Drawables: items with pixels
    def drawable_width(self, drawable: int) -> int:
        """Return its width in pixels."""
    def drawable_height(self, drawable: int) -> int:
        """Return its height in pixels."""
    def drawable_offsets(self, drawable: int) -> tuple[int, int]:
        """Return (x, y) of its upper left corner on the canvas."""
    def drawable_has_alpha(self, drawable: int) -> bool:
        """Whether it has an alpha channel."""
    def drawable_type(self, drawable: int) -> int:
        """Return 0 RGB, 1 RGBA, 2 grey, 3 grey with alpha, 4 indexed, 5 indexed with alpha."""
    def drawable_read(self, drawable: int, x: int, y: int, width: int, height: int, babl_format: str) -> Pixels:
        """Return width*height pixels from (x, y) in the drawable's coordinates, row by row; what lies outside is 0."""
    def drawable_read_small(
        self, drawable: int, box: tuple[int, int, int, int], size: tuple[int, int], babl_format: str
    ) -> Pixels:
        """Return the part (x, y, width, height) of a drawable, scaled down to a size of the same shape."""
    def drawable_write(self, drawable: int, x: int, y: int, width: int, height: int, babl_format: str, data: Pixels) -> None:
        """Store width*height pixels at (x, y) and show them; BackendError where `data` has another length."""
    # Layers
    def layer_new(self, image: int, name: str, width: int, height: int, drawable_type: int, opacity: float, mode: int) -> int:
        """Return a new layer that is not in the stack yet; opacity 0 to 100."""
    def layer_set_offsets(self, layer: int, x: int, y: int) -> None:
        """Put its upper left corner at (x, y) of the canvas."""
    def layer_add_alpha(self, layer: int) -> None:
        """Give it an alpha channel."""
    def layer_mask(self, layer: int) -> int:
        """Return its mask, 0 for none; BackendError for anything but a layer."""
    def layer_create_mask(self, layer: int, mask_type: int) -> int:
        """Return a new mask, not yet added: 0 white, 1 black, 2 alpha, 4 selection, 5 grey copy."""
    def layer_add_mask(self, layer: int, mask: int) -> None:
        """Make a new mask the layer's."""
    def layer_edit_mask(self, layer: int, edit: bool) -> None:
        """Choose what the person paints on next: the mask (True) or the layer (False)."""

def use(backend: Backend | ModuleType | None) -> None:
    """Make a backend the current one; None for none."""

def current() -> Backend:
    """Return the current backend; BackendError if none was chosen."""
