"""Filter: what a filter is called, asks for, makes and needs; the method itself is named, not imported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, cast

from restyle.contract.inputs import AnyInput, Layer, Mask
from restyle.contract.outputs import PAINTED, Output
from restyle.contract.params import Params

if TYPE_CHECKING:
    from restyle.context import Context
    from restyle.contract.loaded import Loaded
    from restyle.contract.result import Result
    from restyle.engine.alignment import Alignment
    from restyle.pictures.image import Image

__all__ = ["AnyFilter", "Filter", "Held", "Method", "Needs"]

P = TypeVar("P", bound=Params)

Held = Literal["", "picture", "change"]
"""What of a result is held from frame to frame, see `Needs`."""

Method = Callable[["Loaded", P, "Context"], "Image | Result"]
"""(inputs, params, context) -> the one picture, or all that the filter's outputs name."""


@dataclass(frozen=True)
class Needs(Generic[P]):
    """What a method needs of whoever calls it. Functions are named "module:function" and imported when a job starts."""

    sees_whole: bool = False
    """It is given the whole layer as it is, of any size and shape, though only the selected part of its answer is used: light
    and colour are judged by all that there is."""
    least_px: int = 32
    """Smallest width and height that it can work on; smaller pictures are continued by mirror images. 32 is twice the stride
    of the deepest layers used (VGG's block 5 has 16)."""
    memory: str = ""
    """Names ``(inputs, params, context) -> bytes`` that it takes at most; "" where that cannot be told."""
    align: str = ""
    """Names ``(inputs, params, context) -> Alignments``: the rotated, scaled parts of the layer that it shall see one by one;
    its answers go back to where they came from. "" where it sees the layer as it lies."""
    is_quick: bool = False
    """It takes a moment at any size, so that nobody minds to let it pass."""
    warm_up: bool = True
    """The server takes its first step on a tiny picture when it starts. Not where that writes files or takes long."""
    stays: bool = False
    """What it makes is kept in the user's folder of models, so it is done on his own computer and no other."""
    held: Held = ""
    """What is held from one frame to the next where frames follow one another: "picture", what was painted, which goes with what
    it is painted on; "change", by how much the photo was changed, so that its detail is each frame's own; "" nothing."""

    def memory_estimate(self) -> Callable[[Loaded, P, Context], int] | None:
        """The function, or None."""
        return cast("Callable[[Loaded, P, Context], int]", _named(self.memory)) if self.memory else None

    def alignments(self) -> Callable[[Loaded, P, Context], tuple[Alignment, ...]] | None:
        """The function, or None."""
        return cast("Callable[[Loaded, P, Context], tuple[Alignment, ...]]", _named(self.align)) if self.align else None


@dataclass(frozen=True)
class Filter(Generic[P]):
    """A filter's declaration; everything that users see of it derives from this value."""

    id: str
    """Words joined by hyphens; part of URLs, commands and procedure names, so it never changes."""
    title: str
    menu_label: str
    menu_place: int
    """Smaller stands higher in the menu. Tens are groups: what paints, what changes photos, tools."""
    summary: str
    paper: str
    inputs: tuple[AnyInput, ...]
    params: type[P]
    method: str
    """Names the `Method`, "module:function"; imported when a job starts."""
    outputs: tuple[Output, ...] = PAINTED
    needs: Needs[P] = field(default_factory=Needs)

    def __post_init__(self) -> None:
        """Raises ValueError where the declaration contradicts itself."""
        names = [item.name for item in (*self.inputs, *self.outputs)]
        layers = sum(isinstance(item, Layer) for item in self.inputs)
        masks = sum(isinstance(item, Mask) for item in self.inputs)
        taken = {name for item in self.inputs for name in item.python_names()} & set(self.params.model_fields)
        if len(set(names)) != len(names) or taken or layers > 1 or masks > layers:
            raise ValueError(
                f"{self.id}: names of inputs, outputs and parameters differ; there is one layer and one mask at most"
            )
        if not layers and any(output.kind == "picture" and output.size == "content" for output in self.outputs):
            raise ValueError(f"{self.id}: without a layer no output has its size")
        if not self.needs.sees_whole and any(output.kind == "picture" and output.alpha == "own" for output in self.outputs):
            raise ValueError(f"{self.id}: who says where his picture shows sees the whole layer")

    @property
    def layer(self) -> Layer | None:
        """The input that the result lies above."""
        return next((item for item in self.inputs if isinstance(item, Layer)), None)

    @property
    def mask(self) -> Mask | None:
        """The input that says where to work, or what is where."""
        return next((item for item in self.inputs if isinstance(item, Mask)), None)

    @property
    def cutting_mask(self) -> Mask | None:
        """The input outside of which nothing of a result is seen."""
        return self.mask if self.mask is not None and self.mask.cuts else None

    def load_method(self) -> Method[P]:
        """Import the method."""
        return cast("Method[P]", _named(self.method))


AnyFilter = Filter[Any]
"""A filter of some parameters: the catalogue holds several."""


def _named(name: str) -> object:
    module, _, function = name.partition(":")
    return getattr(import_module(module), function)
