"""Learn a World: makes a world for Change the World out of two folders of pictures, without pairs (Zhu et al. 2017)."""

from typing import Literal

from restyle.contract.filter import Filter, Needs
from restyle.contract.inputs import Layer
from restyle.contract.params import Params, choice, folder, number, percent, text
from restyle.contract.settings import SELECTION, seed

__all__ = ["CONTENT", "LEARN_A_WORLD", "LearnDomainParams"]


class LearnDomainParams(Params):
    """Settings of Learn a World."""

    first: str = folder(
        "Pictures as they are",
        "A folder of pictures of the world that you start from: noon, say. Thirty are enough for light and colours.",
    )
    second: str = folder(
        "As they shall become",
        "A folder of pictures of the other world: dusk. None needs a partner, but both show the same kinds of thing.",
    )
    name: str = text(
        "My world",
        least=1,
        most=60,
        title="Name",
        description="What it is called in Change the World's list, where the way back stands beside it.",
    )
    minutes: float = number(
        10,
        ge=0.01,
        le=10000,
        step=1,
        unit="min",
        role="steps",
        title="Time",
        description="How long to learn. What was learned is kept when you stop, and the same folders go on from there.",
    )
    hold_hues: float = percent(
        50,
        "Hold hues",
        "How firmly colours stay that the other world has already. More where hues change places, red for green; less where "
        "little happens: at 100 it counts four times as much as at 50.",
        group="advanced",
    )
    generator: Literal["automatic", "small", "full"] = choice(
        "automatic",
        title="Network",
        description=(
            "The small one changes colours, light and fine texture and leaves forms where they are; the paper's full one can put "
            "stripes on a horse, and wants a graphics card and a night. Automatic is what suits this computer."
        ),
        labels={"automatic": "Automatic", "small": "Small", "full": "Full"},
        group="advanced",
    )
    seed: int = seed("Of the order of the pictures, and of how the networks begin.")


CONTENT = Layer("content", "Photo", "The picture to show the other world on while it is learned.")

LEARN_A_WORLD = Filter(
    id="learn-a-world",
    title="Learn a World",
    menu_label="Learn a World…",
    menu_place=61,
    summary="Teach Change the World the way from one folder of pictures to another, and back.",
    paper=(
        "J.-Y. Zhu, T. Park, P. Isola, A. A. Efros: Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial "
        "Networks, ICCV 2017"
    ),
    inputs=(CONTENT, SELECTION),
    params=LearnDomainParams,
    method="restyle.filters.learn_domain.method:learn_world",
    needs=Needs(warm_up=False),
)
