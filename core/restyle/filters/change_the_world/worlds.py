"""The worlds that the authors of CycleGAN and pix2pix have published generators of, and what a person calls them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PUBLISHED_WORLDS", "World"]

_CYCLEGAN = "http://efrosgans.eecs.berkeley.edu/cyclegan/pretrained_models"
_PIX2PIX = "http://efrosgans.eecs.berkeley.edu/pix2pix/models-pytorch"
"""As scripts/download_cyclegan_model.sh and scripts/download_pix2pix_model.sh of pytorch-CycleGAN-and-pix2pix have it."""


@dataclass(frozen=True)
class World:
    """One generator: its id in settings and commands, its title, and where its file is."""

    id: str
    title: str
    url: str


PUBLISHED_WORLDS: tuple[World, ...] = (
    *(
        World(f"cyclegan-{name}", title, f"{_CYCLEGAN}/{file}.pth")
        for name, title, file in (
            ("monet", "Painted by Monet", "style_monet"),
            ("van-gogh", "Painted by Van Gogh", "style_vangogh"),
            ("cezanne", "Painted by Cézanne", "style_cezanne"),
            ("ukiyo-e", "Ukiyo-e print", "style_ukiyoe"),
            ("monet-to-photo", "A painting of Monet as a photo", "monet2photo"),
            ("winter", "Summer to winter", "summer2winter_yosemite"),
            ("summer", "Winter to summer", "winter2summer_yosemite"),
            ("zebra", "Horse to zebra", "horse2zebra"),
            ("horse", "Zebra to horse", "zebra2horse"),
            ("orange", "Apple to orange", "apple2orange"),
            ("apple", "Orange to apple", "orange2apple"),
            ("dslr", "Flower by phone to flower by camera", "iphone2dslr_flower"),
            ("map", "Aerial photo to map", "sat2map"),
            ("aerial", "Map to aerial photo", "map2sat"),
            ("facade-labels", "Façade to its plan in colours", "facades_photo2label"),
            ("facade", "Plan in colours to façade", "facades_label2photo"),
            ("street-labels", "Street to its plan in colours", "cityscapes_photo2label"),
            ("street", "Plan in colours to street", "cityscapes_label2photo"),
        )
    ),
    *(
        World(f"pix2pix-{name}", f"{title} (pix2pix)", f"{_PIX2PIX}/{file}.pth")
        for name, title, file in (
            ("night", "Day to night", "day2night"),
            ("map", "Aerial photo to map", "sat2map"),
            ("aerial", "Map to aerial photo", "map2sat"),
            ("facade", "Plan in colours to façade", "facades_label2photo"),
            ("shoe", "Drawn outline to shoe", "edges2shoes"),
        )
    ),
)
"""In the order of the list."""
