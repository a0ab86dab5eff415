"""Change the World: what another world makes of a photo, by generators that learned it without pairs (Zhu et al. 2017)."""

from restyle.contract.filter import Filter, Needs
from restyle.contract.params import Params, model, percent
from restyle.contract.settings import CONTENT, REFERENCE, SELECTION, PreserveColors, color_preservation, stroke_scale
from restyle.filters.change_the_world.worlds import PUBLISHED_WORLDS
from restyle.models.entries import DOMAINS_FOLDER

__all__ = ["CHANGE_THE_WORLD", "ChangeTheWorldParams"]


class ChangeTheWorldParams(Params):
    """Settings of Change the World."""

    world: str = model(
        "cyclegan-monet",
        title="World",
        description=(
            "What the photo becomes. None of these is in the box: the dialog, or `restyle models fetch`, downloads them, "
            "`restyle models import` takes a generator's file, and Learn a World makes one of two folders of pictures."
        ),
        labels={world.id: world.title for world in PUBLISHED_WORLDS},
        folder=DOMAINS_FOLDER,
        published=[world.id for world in PUBLISHED_WORLDS],
    )
    scale: float = stroke_scale(
        "Size of what is changed: 2 makes strokes, leaves and stripes twice as large; the result always has the photo's size.",
        title="Scale",
    )
    strength: float = percent(100, "Strength", "How much of the result is the other world; the rest is the photo.")
    preserve_colors: PreserveColors = color_preservation("the other world's adapted to the photo's")


CHANGE_THE_WORLD = Filter(
    id="change-the-world",
    title="Change the World",
    menu_label="Change the World…",
    menu_place=38,
    summary="Turn the photo into one of another world: a painter's, another season, another animal.",
    paper=(
        "J.-Y. Zhu, T. Park, P. Isola, A. A. Efros: Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial "
        "Networks, ICCV 2017; P. Isola et al.: Image-to-Image Translation with Conditional Adversarial Networks, CVPR 2017"
    ),
    inputs=(CONTENT, SELECTION, REFERENCE),
    params=ChangeTheWorldParams,
    method="restyle.filters.change_the_world.method:change_the_world",
    needs=Needs(is_quick=True, warm_up=False, held="picture"),
)
