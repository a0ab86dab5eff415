"""Collage: a filter that no one but its own tests knows; two picture inputs, a backdrop, no photo, two pictures and a file."""

from restyle.contract.filter import Filter
from restyle.contract.inputs import Backdrop, Pictures
from restyle.contract.outputs import FileOutput, PictureOutput
from restyle.contract.params import Params, number

__all__ = ["COLLAGE", "GROUND", "PAPERS", "PATTERNS", "CollageParams"]

PATTERNS = Pictures("patterns", "Pattern", "What is cut out.", guided=True)
PAPERS = Pictures("papers", "Paper", "What it is put on.", minimum=0, maximum=2, weighted=True)
GROUND = Backdrop("ground", "Ground", "What lies beneath.")


class CollageParams(Params):
    """One setting."""

    share: float = number(0.5, ge=0, le=1, step=0.1, title="Share", description="How much of the pattern is seen.")


COLLAGE = Filter(
    id="collage",
    title="Collage",
    menu_label="Collage…",
    menu_place=5,
    summary="Paste a pattern on papers.",
    paper="none",
    inputs=(PATTERNS, PAPERS, GROUND),
    params=CollageParams,
    method=f"{__name__}.method:paste",
    outputs=(
        PictureOutput("sheet", "Sheet", size="own"),
        PictureOutput("proof", "Proof", size="own"),
        FileOutput("recipe", "Recipe", ".json"),
    ),
)
