# -*- coding: utf-8 -*-

"""The in-memory GIMP: the contract of all backends, and what only it has."""

from __future__ import absolute_import, unicode_literals

import os
import shutil
import struct
import tempfile
import unittest
import zlib

from memory_gimp import MemoryGimp
from memory_gimp.png import read_png, write_png
from restyle_plugin.gimpfu_shim.errors import BackendError
from tests.contract import backend_contract


class TheMemory(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()

    def tearDown(self):
        shutil.rmtree(self.folder)

    def test_it_keeps_the_contract(self):
        self.assertEqual(backend_contract.failures(MemoryGimp()), [])

    def test_png_files_come_back(self):
        path = os.path.join(self.folder, "a.png")
        for channels, model in ((1, "Y'"), (2, "Y'A"), (3, "R'G'B'"), (4, "R'G'B'A")):
            data = bytes(bytearray((i * 31) % 256 for i in range(5 * 4 * channels)))
            write_png(path, 5, 4, channels, data)
            self.assertEqual(read_png(path), (5, 4, model + " u8", data))

    def test_png_s_five_filters_are_undone(self):
        path, stride = os.path.join(self.folder, "filters.png"), 3
        rows = [
            bytearray([10, 20, 30]),
            bytearray([11, 25, 37]),
            bytearray([200, 1, 99]),
            bytearray([5, 6, 250]),
            bytearray([7, 90, 3]),
        ]
        packed, above = bytearray(), bytearray(stride)
        for kind, row in enumerate(rows):
            packed.append(kind)
            for i in range(stride):
                left, corner = (row[i - 1], above[i - 1]) if i else (0, 0)
                guess = left + above[i] - corner
                paeth = min((abs(guess - left), 0, left), (abs(guess - above[i]), 1, above[i]), (abs(guess - corner), 2, corner))[
                    2
                ]
                packed.append((row[i] - (0, left, above[i], (left + above[i]) // 2, paeth)[kind]) & 255)
            above = row
        self._write(path, struct.pack(str(">IIBBBBB"), 3, 5, 8, 0, 0, 0, 0), bytes(packed))
        self.assertEqual(bytearray(read_png(path)[3]), b"".join(bytes(row) for row in rows))

    def test_16_bit_files_keep_their_depth(self):
        path = os.path.join(self.folder, "16.png")
        self._write(path, struct.pack(str(">IIBBBBB"), 1, 1, 16, 0, 0, 0, 0), b"\0" + struct.pack(str(">H"), 40001))
        gimp = MemoryGimp()
        image = gimp.load_image(path)
        self.assertEqual((gimp.image_precision(image), gimp.image_base_type(image)), (250, 1))
        self.assertEqual(gimp.drawable_read(gimp.image_layers(image)[0], 0, 0, 1, 1, "Y' u16"), struct.pack(str("=H"), 40001))

    def test_damaged_files_are_refused(self):
        path = os.path.join(self.folder, "a.png")
        write_png(path, 5, 4, 3, bytearray(60))
        with open(path, "rb") as file:
            data = file.read()
        for damaged in (b"", data[:30], data[:-30], data[:50] + b"xxxx" + data[54:], b"GIF89a" + data):
            with open(path, "wb") as file:
                file.write(damaged)
            self.assertRaises(BackendError, MemoryGimp().load_image, path)

    def test_an_undo_group_left_open_is_reported(self):
        gimp = MemoryGimp()
        image = gimp.image_new(2, 2, 0, 150)
        gimp.main([], lambda name, run_mode, values: gimp.image_undo_group_start(image) or ("success", []))
        gimp.run("x", 1, [])
        self.assertTrue("inconsistent state" in gimp.errors[0])
        self.assertEqual(gimp.image(image).undo_depth, 0)

    def test_every_write_to_an_image_is_an_undo_step_unless_grouped(self):
        with backend_contract.Scene(MemoryGimp(), 0) as scene:
            gimp, image = scene.gimp, scene.gimp.image(scene.image)
            before = len(image.undo_steps)
            for value in (1, 2):
                gimp.drawable_write(scene.layer, 0, 0, 1, 1, "R'G'B' u8", bytearray([value] * 3))
            self.assertEqual(len(image.undo_steps), before + 2)
            image.undo()
            self.assertEqual(bytearray(gimp.drawable_read(scene.layer, 0, 0, 1, 1, "R'G'B' u8")), bytearray([1] * 3))

    def test_several_layers_of_a_file_are_merged(self):
        from restyle_plugin import layers

        with backend_contract.Scene(MemoryGimp(), 1) as scene:
            gimp = scene.gimp
            gimp.drawable_write(scene.layer, 0, 0, 1, 1, "R'G'B'A u8", bytearray([200, 100, 50, 255]))
            top = scene.new_layer("top")
            gimp.image_insert_layer(scene.image, top, 0, 0)
            gimp.load_image = lambda path: scene.image
            _, merged, _ = layers.load_picture(gimp, "x")
            self.assertEqual(bytearray(gimp.drawable_read(merged, 0, 0, 1, 1, "R'G'B'A u8")), bytearray([200, 100, 50, 255]))

    def _write(self, path, header, pixels):
        def chunk(kind, data):
            return struct.pack(str(">I"), len(data)) + kind + data + struct.pack(str(">I"), zlib.crc32(kind + data) & 0xFFFFFFFF)

        with open(path, "wb") as file:
            file.write(
                b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
            )


if __name__ == "__main__":
    unittest.main()
