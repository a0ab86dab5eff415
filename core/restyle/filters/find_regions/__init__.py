"""Regions: what the other filters would find as regions, painted in flat colours to look at and to correct."""

from restyle.contract.filter import Filter, Needs
from restyle.contract.inputs import Layer
from restyle.contract.outputs import GUIDE
from restyle.contract.params import Params, number

__all__ = ["CONTENT", "REGIONS", "RegionsParams"]


class RegionsParams(Params):
    """Settings of Regions."""

    most: int = number(
        5,
        ge=1,
        le=9,
        step=1,
        title="Regions at most",
        description="How many regions the picture is divided into at most; what meets without an edge is one region in any case.",
    )


CONTENT = Layer("content", "Photo", "The picture to divide.")

REGIONS = Filter(
    id="find-regions",
    title="Regions",
    menu_label="Find Regions…",
    menu_place=70,
    outputs=GUIDE,
    summary="Paint the photo's regions in flat colours, to correct them and to guide the other filters by them.",
    paper="R. Achanta et al.: SLIC Superpixels Compared to State-of-the-Art Superpixel Methods, TPAMI 2012",
    inputs=(CONTENT,),
    params=RegionsParams,
    method="restyle.filters.find_regions.method:paint_regions",
    needs=Needs(is_quick=True),
)
