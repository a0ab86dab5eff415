#!/usr/bin/env python3
"""A plug-in as one writes it for GIMP 2.10's Python-Fu: it makes an old print of a photo. The guide shows it."""

from gimpfu import *


def old_print(image, drawable, age, paper):
    image.undo_group_start()
    gimp.context_push()
    faded = drawable.copy()
    image.add_layer(faded, -1)
    faded.name = "Old print"
    pdb.gimp_curves_spline(faded, HISTOGRAM_VALUE, 6, [0, 40, 128, 140, 255, 230])
    pdb.gimp_hue_saturation(faded, ALL_HUES, 0, 0, -age)
    pdb.gimp_color_balance(faded, MIDTONES, TRUE, 20, 0, -30)
    pdb.plug_in_gauss(image, faded, image.width / 150, image.width / 150, 0)
    edge = gimp.Layer(image, "Edge", image.width, image.height, RGBA_IMAGE, 100, NORMAL_MODE)
    image.add_layer(edge, -1)
    gimp.set_foreground(paper)
    pdb.gimp_edit_fill(edge, FOREGROUND_FILL)
    border = image.width / 16
    pdb.gimp_rect_select(image, border, border, image.width - 2 * border, image.height - 2 * border, CHANNEL_OP_REPLACE, TRUE, 8)
    pdb.gimp_edit_clear(edge)
    pdb.gimp_selection_none(image)
    gimp.context_pop()
    image.undo_group_end()


register(
    "old_print",
    "Make an old print of a photo",
    "Fades a photo and puts paper around it",
    "Restyle",
    "Restyle",
    "2026",
    "_Old Print...",
    "RGB*",
    [
        (PF_IMAGE, "image", "Image", None),
        (PF_DRAWABLE, "drawable", "Layer", None),
        (PF_SLIDER, "age", "_Age", 40, (0, 100, 1)),
        (PF_COLOR, "paper", "_Paper", (240, 232, 214)),
    ],
    [],
    old_print,
    menu="<Image>/Filters/Decor",
)

main()
