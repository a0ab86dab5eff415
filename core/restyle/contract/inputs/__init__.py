"""The kinds of inputs: a module for each, which says all about it; declare them by name in a filter's folder."""

from restyle.contract.inputs.backdrop import Backdrop
from restyle.contract.inputs.base import AnyInput, InputSpec, Opener, Preparation, Turning
from restyle.contract.inputs.frames import Frames
from restyle.contract.inputs.layer import Layer
from restyle.contract.inputs.mask import Mask
from restyle.contract.inputs.pictures import Pictures
from restyle.contract.inputs.reference import Reference
from restyle.contract.inputs.regions import RegionsInput

__all__ = [
    "AnyInput",
    "Backdrop",
    "Frames",
    "InputSpec",
    "Layer",
    "Mask",
    "Opener",
    "Pictures",
    "Preparation",
    "Reference",
    "RegionsInput",
    "Turning",
]
