"""GIMP 3.0 and 3.2: the backend functions, through gi; what a backend is stands in backend.pyi.

The dialog's toolkit is loaded only when one is shown.
"""

from .gimp3_images import *
from .gimp3_items import *
from .gimp3_pdb import *
from .gimp3_pixels import *
from .gimp3_procedures import *
from .gimp3_run import given_drawables
from .gimp3_talk import *

# GIMP keeps a procedure's last values in its config.
KEEPS_LAST_VALUES = True


def dialog(procedure, values, image, drawable):
    """Ask the person for a procedure's values; None where it was cancelled.

    Of the call under way it shows the config's values, which GIMP filled with the last ones, and keeps what is chosen there; of
    another procedure `values`.
    """
    from .form import estimate_of, presets_of, preview_of, supply_of
    from .gimp3_dialog import ask
    from .gimp3_procedures import run_of

    with run_of(procedure, values, drawable):
        offered = preview_of(procedure, image, drawable), presets_of(procedure), supply_of(procedure)
        return ask(procedure, values, *offered, estimate=estimate_of(procedure, image, drawable))


def show_text(title, text):
    """Show a long text in a window that can copy it; return when it was closed."""
    from .gimp3_text import show

    show(title, text)
