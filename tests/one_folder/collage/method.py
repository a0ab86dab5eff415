"""What it does is of no matter; that everything arrives is."""

import json

from restyle.filters.collage import GROUND, PAPERS, PATTERNS, CollageParams

from restyle.context import Context
from restyle.contract.loaded import Loaded
from restyle.contract.result import Result
from restyle.pictures.image import Image

PROOF_PX = 4


def paste(inputs: Loaded, params: CollageParams, context: Context) -> Result:
    """A sheet as large as the ground, in the pattern's mean colour; a small proof of the ground; a recipe."""
    (pattern,), papers, ground = inputs[PATTERNS], inputs[PAPERS], inputs[GROUND]
    context.progress.step(0, of=1, message="Pasting")
    colour = pattern.image.pixels.mean((2, 3), keepdim=True)
    sheet = ground.image.pixels.lerp(colour, params.share)
    recipe = {
        "regions": list(pattern.regions.names) if pattern.regions else [],
        "papers": [paper.weight for paper in papers],
        "at": [ground.x, ground.y],
    }
    proof = Image(ground.image.pixels[:, :, :PROOF_PX, :PROOF_PX].clone())
    return Result({"sheet": Image(sheet), "proof": proof}, {"recipe": json.dumps(recipe).encode()})
