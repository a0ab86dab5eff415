# -*- coding: utf-8 -*-
# ruff: noqa: B905, PT018, UP009, UP010, UP018, UP031  (Python 2.7 runs this too)
"""What must be true of pixels read and written inside a GIMP 2.10: functions of the backend (Python 2.7 and 3)."""

from __future__ import absolute_import, unicode_literals

import array
import os
import sys

from gimp2_backend_checks import GREY, INDEXED, RGB, U8, gradient, new_image, new_layer, refuses

LARGE = (6000, 4000)
# The targets of a 24 MP RGBA layer are 0.2 s and 0.45 s on an idle machine. It is processor time, so that others on it count
# less.
READ_TARGET_S, WRITE_TARGET_S = 1.5, 3.0
PROCESS_LIMIT_BYTES = 400 * 2**20


def raw_bytes(numbers):
    return numbers.tobytes() if hasattr(numbers, "tobytes") else numbers.tostring()


def processor_s():
    """Processor time of this process so far."""
    return sum(os.times()[:2])


def check_every_layer_type_gives_its_pixels_back(gimp):
    for base_type, kinds in ((RGB, (0, 1)), (GREY, (2, 3)), (INDEXED, (4, 5))):
        for kind in kinds:
            image = new_image(gimp, base_type)
            layer = new_layer(gimp, image, kind)
            assert gimp.drawable_type(layer) == kind
            assert gimp.drawable_has_alpha(layer) == (kind % 2 == 1)
            # Black and white are in every palette.
            data = (b"\0\0\0\xff" + b"\xff\xff\xff\xff") * (40 * 30 // 2)
            if base_type == INDEXED:
                gimp.call("gimp-image-set-colormap", [image, 6, [0, 0, 0, 255, 255, 255]])
            gimp.drawable_write(layer, 0, 0, 40, 30, "R'G'B'A u8", data)
            assert gimp.drawable_read(layer, 0, 0, 40, 30, "R'G'B'A u8") == data, kind
            gimp.image_delete(image)


def check_precisions_keep_sixteen_bits_and_floats(gimp):
    wanted = array.array(str("H"), [(i * 5003) % 65536 for i in range(40 * 30 * 4)])
    for precision in (200, 250, 300, 350, 600, 650, 700, 750):
        image = new_image(gimp, RGB, precision)
        layer = new_layer(gimp, image)
        gimp.drawable_write(layer, 0, 0, 40, 30, "R'G'B'A u16", raw_bytes(wanted))
        got = array.array(str("H"), gimp.drawable_read(layer, 0, 0, 40, 30, "R'G'B'A u16"))
        # Linear 16 bit steps are wider than perceptual ones near black.
        allowed = 500 if precision == 200 else 1
        assert max(abs(a - b) for a, b in zip(got, wanted)) <= allowed, precision
        gimp.image_delete(image)


def check_a_float_image_keeps_values_beyond_white(gimp):
    image = new_image(gimp, RGB, 650)
    layer = new_layer(gimp, image, 0)
    data = array.array(str("f"), [1.75, -0.25, 0.123456789] * (40 * 30))
    gimp.drawable_write(layer, 0, 0, 40, 30, "R'G'B' float", raw_bytes(data))
    got = array.array(str("f"), gimp.drawable_read(layer, 0, 0, 40, 30, "R'G'B' float"))
    assert max(abs(a - b) for a, b in zip(got, data)) < 1e-6
    gimp.image_delete(image)


def check_a_part_is_read_and_written_where_it_lies(gimp):
    image = new_image(gimp)
    layer = new_layer(gimp, image)
    data = gradient(40 * 30 * 4)
    gimp.drawable_write(layer, 0, 0, 40, 30, "R'G'B'A u8", data)
    part = gimp.drawable_read(layer, 5, 7, 2, 1, "R'G'B'A u8")
    assert part == data[(7 * 40 + 5) * 4 : (7 * 40 + 7) * 4]
    gimp.drawable_write(layer, 5, 7, 1, 1, "R'G'B'A u8", bytearray(b"\1\2\3\4"))
    changed = data[: (7 * 40 + 5) * 4] + b"\1\2\3\4" + data[(7 * 40 + 6) * 4 :]
    assert gimp.drawable_read(layer, 0, 0, 40, 30, "R'G'B'A u8") == changed
    gimp.image_delete(image)


def check_outside_a_drawable_is_zero(gimp):
    image = new_image(gimp)
    layer = new_layer(gimp, image)
    gimp.drawable_write(layer, 0, 0, 40, 30, "R'G'B'A u8", b"\xff" * 4800)
    assert gimp.drawable_read(layer, -1, -1, 2, 2, "R'G'B'A u8") == b"\0" * 12 + b"\xff" * 4
    assert gimp.drawable_read(layer, 400, 300, 2, 1, "R'G'B'A u8") == b"\0" * 8
    gimp.image_delete(image)


def check_every_kind_of_bytes_can_be_written(gimp):
    image = new_image(gimp)
    layer = new_layer(gimp, image)
    data = gradient(4800)
    for form in (data, bytearray(data), memoryview(data), memoryview(bytearray(data)), memoryview(b"xx" + data)[2:]):
        gimp.drawable_write(layer, 0, 0, 40, 30, "R'G'B'A u8", b"\0" * 4800)
        gimp.drawable_write(layer, 0, 0, 40, 30, "R'G'B'A u8", form)
        assert gimp.drawable_read(layer, 0, 0, 40, 30, "R'G'B'A u8") == data, type(form)
    gimp.image_delete(image)


def check_wrong_lengths_and_formats_are_refused(gimp):
    image = new_image(gimp)
    layer = new_layer(gimp, image)
    for length in (0, 4799, 4801):
        assert "4800 bytes" in refuses(gimp.drawable_write, layer, 0, 0, 40, 30, "R'G'B'A u8", b"\0" * length)
    assert "no pixel format" in refuses(gimp.drawable_read, layer, 0, 0, 4, 4, "R'G'B'Q u8")
    refuses(gimp.drawable_read, layer, 0, 0, 0, 4, "R'G'B'A u8")
    assert not any(bytearray(gimp.drawable_read(layer, 0, 0, 40, 30, "R'G'B'A u8")))
    gimp.image_delete(image)


def check_large_layers_are_quick_and_small_in_memory(gimp):
    image = gimp.image_new(LARGE[0], LARGE[1], RGB, U8)
    layer = new_layer(gimp, image, 1, LARGE)
    gimp.drawable_write(layer, 0, 0, LARGE[0], LARGE[1], "R'G'B'A u8", os.urandom(LARGE[0] * LARGE[1] * 4))
    reset_peak()
    started = processor_s()
    data = gimp.drawable_read(layer, 0, 0, LARGE[0], LARGE[1], "R'G'B'A u8")
    read_s, started = processor_s() - started, processor_s()
    gimp.drawable_write(layer, 0, 0, LARGE[0], LARGE[1], "R'G'B'A u8", data)
    write_s = processor_s() - started
    peak = peak_bytes()
    report = "read %.2f s, write %.2f s, peak %d MB" % (read_s, write_s, peak // 2**20)
    sys.stderr.write("24 MP: %s\n" % report)
    assert read_s < READ_TARGET_S and write_s < WRITE_TARGET_S and peak < PROCESS_LIMIT_BYTES, report
    gimp.image_delete(image)


def reset_peak():
    """Forget the peak so far: babl takes 390 MB for a moment to learn an indexed image's colours."""
    with open("/proc/self/clear_refs", "w") as stream:
        stream.write("5")


def peak_bytes():
    """The most memory that this process held at once."""
    with open("/proc/self/status") as stream:
        line = next(line for line in stream if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024
