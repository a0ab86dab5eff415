# -*- coding: utf-8 -*-

"""A stage with a filter that takes regions, and with what gives them."""

from __future__ import absolute_import, unicode_literals

from restyle_plugin.regions import SOURCES
from tests.plugin.portable.declared import a_filter, a_param, an_input
from tests.plugin.portable.stage import Stage

SOURCE = {word: number for number, (word, _) in enumerate(SOURCES)}
RED, BLUE, CLEAR = (255, 0, 0, 255), (0, 0, 255, 255), (0, 0, 0, 0)


def a_guided_filter():
    choices, ways = [[{"value": word, "title": word} for word in words] for words in (("auto", "given"), ("blend", "regions"))]
    inputs = [an_input("styles", "pictures", 1, 2, True), an_input("selection", "mask"), an_input("content_regions", "regions")]
    regions = a_param("regions", "choice", "auto", choices=choices, dialog=False)
    return a_filter(inputs, [a_param("mixing", "choice", "blend", choices=ways), regions])


class Guided(Stage):
    """A stage with a filter that takes regions, and with what gives them."""

    def __init__(self, server=None, **options):
        Stage.__init__(self, server, declared=a_guided_filter(), **options)
        self.style_image = self.gimp.item_image(self.style)

    def mask(self, layer, values):
        """Give a layer a mask of bytes."""
        gimp = self.gimp
        mask = gimp.layer_create_mask(layer, 1)
        gimp.layer_add_mask(layer, mask)
        gimp.drawable_write(mask, 0, 0, gimp.drawable_width(layer), gimp.drawable_height(layer), "Y u8", bytearray(values))

    def channel(self, image, name, value):
        """Save a channel of one value."""
        gimp = self.gimp
        channel = gimp.channel_new(image, name)
        width, height = gimp.image_width(image), gimp.image_height(image)
        gimp.drawable_write(channel, 0, 0, width, height, "Y u8", bytearray([value]) * (width * height))
        return channel

    def paint(self, image, color, name="regions", offset=(0, 0), parent=0):
        """Put a layer of 4 x 3 pixels of one colour on top."""
        gimp = self.gimp
        layer = gimp.layer_new(image, name, 4, 3, 1, 100.0, 28)
        gimp.image_insert_layer(image, layer, parent, 0)
        gimp.layer_set_offsets(layer, *offset)
        gimp.drawable_write(layer, 0, 0, 4, 3, "R'G'B'A u8", bytearray(color) * 12)
        return layer

    def go(self, source="anything", **changes):
        """Run with a source; return the request that the server got."""
        status = self.run(regions_from=SOURCE[source], **changes)
        assert status == "success", status
        return self.server.requests[-1][1]

    def sent(self, ID):
        """The bytes of an upload, by its id."""
        return bytearray(self.server.uploads[int(ID.rpartition("-")[2])][4])
