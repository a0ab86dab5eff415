#!/usr/bin/env python
"""A plug-in as people wrote them for GIMP 2.10's Python-Fu: everything comes from `from gimpfu import *` and from nothing else.

Its procedure runs the checks, each a short script of its own with calls that published scripts use, and writes a JSON file:
{check: [what went wrong or null, numbers that GIMP 2.10 and 3 should agree about]}.
"""

import json
import os
import tempfile
import traceback

import gimpcolor
import gimpenums
from gimpfu import *


def scene(width=64, height=48, kind=RGBA_IMAGE):
    image = gimp.Image(width, height, RGB)
    layer = gimp.Layer(image, "paint", width, height, kind, 100, NORMAL_MODE)
    image.add_layer(layer, 0)
    gimp.set_foreground(255, 0, 0)
    gimp.set_background(0, 0, 255)
    pdb.gimp_selection_none(image)
    pdb.gimp_edit_blend(
        layer, FG_BG_RGB_MODE, NORMAL_MODE, GRADIENT_LINEAR, 100, 0, REPEAT_NONE, FALSE, FALSE, 1, 0, FALSE, 0, 0, width, 0
    )
    return image, layer


def pixels(layer):
    return [list(layer.get_pixel(x, 10)) for x in (4, 20, 40, 60)]


def check_a_blend_goes_from_the_foreground_to_the_background():
    image, layer = scene()
    return pixels(layer)


def check_icon_layers_are_scaled_copies():
    image, layer = scene()
    pdb.gimp_undo_push_group_start(image)
    for size in (32, 16):
        copy = image.active_layer.copy()
        copy.name = "%dx%d" % (size, size)
        image.add_layer(copy, 0)
        copy.scale(size, size, 1)
    pdb.gimp_undo_push_group_end(image)
    assert [each.name for each in image.layers] == ["16x16", "32x32", "paint"]
    assert image.active_layer == image.layers[0]
    image.active_layer = layer
    assert pdb.gimp_image_get_active_layer(image) == layer
    return [[each.width, each.height] for each in image.layers]


def check_old_names_of_layers_and_images():
    image, layer = scene()
    copy = pdb.gimp_layer_copy(layer, True)
    pdb.gimp_image_add_layer(image, copy, 0)
    pdb.gimp_layer_set_opacity(copy, 50.0)
    pdb.gimp_layer_set_mode(copy, MULTIPLY_MODE)
    pdb.gimp_drawable_set_name(copy, "copy")
    assert pdb.gimp_item_is_layer(copy) and pdb.gimp_drawable_is_rgb(copy)
    assert pdb.gimp_image_get_layers(image) == (2, (copy.ID, layer.ID))
    new = pdb.gimp_layer_new(image, 10, 8, RGBA_IMAGE, "new", 30, NORMAL_MODE)
    pdb.gimp_image_insert_layer(image, new, None, -1)
    pdb.gimp_drawable_fill(new, TRANSPARENT_FILL)
    assert layer.name == pdb.gimp_layer_get_name(layer) == "paint" and tuple(new.get_pixel(1, 1))[3] == 0
    pdb.gimp_layer_translate(new, 3, -2)
    group = pdb.gimp_layer_group_new(image)
    pdb.gimp_image_insert_layer(image, group, None, 0)
    pdb.gimp_image_reorder_item(image, new, group, 0)
    assert group.children == [new] and new.parent == group and isinstance(group, gimp.GroupLayer)
    image.raise_layer_to_top(layer)
    assert new.offsets == (3, -2)
    merged = pdb.gimp_image_merge_visible_layers(image, CLIP_TO_IMAGE)
    assert image.layers == [merged] and image.base_type == RGB
    return [pdb.gimp_image_width(image), pdb.gimp_image_height(image)]


def check_masks():
    image, layer = scene()
    mask = layer.create_mask(ADD_BLACK_MASK)
    layer.add_mask(mask)
    assert layer.mask == mask and pdb.gimp_layer_get_mask(layer) == mask
    mask.fill(WHITE_FILL)
    pdb.gimp_layer_remove_mask(layer, MASK_APPLY)
    assert layer.mask is None
    image.flatten()
    return pixels(image.layers[0])


def check_colours():
    numbers = []
    for change in (
        lambda layer: pdb.gimp_levels(layer, HISTOGRAM_VALUE, 20, 200, 1.2, 0, 255),
        lambda layer: pdb.gimp_brightness_contrast(layer, 30, 20),
        lambda layer: pdb.gimp_hue_saturation(layer, ALL_HUES, 20, 10, -20),
        lambda layer: pdb.gimp_color_balance(layer, MIDTONES, TRUE, 10, -20, 30),
        lambda layer: pdb.gimp_curves_spline(layer, HISTOGRAM_VALUE, 6, [0, 0, 120, 150, 255, 255]),
        lambda layer: pdb.gimp_invert(layer),
        lambda layer: pdb.gimp_posterize(layer, 5),
        lambda layer: pdb.gimp_desaturate_full(layer, DESATURATE_LUMINOSITY),
        lambda layer: pdb.gimp_colorize(layer, 180, 50, 0),
        lambda layer: pdb.gimp_threshold(layer, 200, 255),
        lambda layer: pdb.gimp_curves_explicit(layer, HISTOGRAM_RED, 256, [i * i // 255 for i in range(256)]),
        lambda layer: pdb.gimp_equalize(layer, FALSE),
        lambda layer: pdb.gimp_levels_stretch(layer),
    ):
        image, layer = scene(kind=RGB_IMAGE)
        change(layer)
        numbers += pixels(layer)
    histogram = pdb.gimp_histogram(layer, HISTOGRAM_VALUE, 0, 255)
    return numbers + [list(histogram)]


def check_filters():
    numbers = []
    for change in (
        lambda image, layer: pdb.plug_in_gauss(image, layer, 6, 6, 0),
        lambda image, layer: pdb.plug_in_gauss_iir(image, layer, 4, TRUE, TRUE),
        lambda image, layer: pdb.plug_in_gauss_rle2(image, layer, 2, 5),
        lambda image, layer: pdb.plug_in_unsharp_mask(image, layer, 5.0, 0.5, 0),
        lambda image, layer: pdb.plug_in_pixelize(image, layer, 4),
        lambda image, layer: pdb.plug_in_sel_gauss(image, layer, 5, 50),
        lambda image, layer: pdb.plug_in_c_astretch(image, layer),
        lambda image, layer: pdb.plug_in_bump_map(image, layer, layer, 135, 45, 3, 0, 0, 0, 0, TRUE, FALSE, 0),
        lambda image, layer: pdb.plug_in_normalize(image, layer),
    ):
        image, layer = scene(kind=RGB_IMAGE)
        pdb.gimp_rect_select(image, 16, 8, 24, 16, CHANNEL_OP_REPLACE, FALSE, 0)
        pdb.gimp_edit_fill(layer, WHITE_FILL)
        pdb.gimp_selection_clear(image)
        change(image, layer)
        numbers += pixels(layer)
    pdb.plug_in_mblur(image, layer, 0, 10, 0, 0, 0)
    pdb.plug_in_edge(image, layer, 2, 1, 0)
    pdb.plug_in_rgb_noise(image, layer, TRUE, FALSE, 0.2, 0.2, 0.2, 0)
    pdb.plug_in_solid_noise(image, layer, FALSE, FALSE, 1, 2, 4, 4)
    return numbers


def check_more_filters():
    numbers = []
    for change in (
        lambda image, layer: pdb.plug_in_dilate(image, layer, 1, 0, 1.0, 15, 0, 255),
        lambda image, layer: pdb.plug_in_erode(image, layer, 1, 0, 1.0, 15, 0, 255),
        lambda image, layer: pdb.plug_in_alienmap2(image, layer, 1, 0, 1, 90, 2, 0, 0, TRUE, TRUE, TRUE),
        lambda image, layer: pdb.plug_in_exchange(image, layer, 255, 255, 255, 0, 128, 0, 10, 10, 10),
        lambda image, layer: pdb.plug_in_convmatrix(
            image, layer, 25, [0] * 6 + [1, 2, 1, 0, 0, 2, 4, 2, 0, 0, 1, 2, 1] + [0] * 6, FALSE, 16, 0, 5, [0, 1, 1, 1, 0], 0
        ),
    ):
        image, layer = scene(kind=RGB_IMAGE)
        pdb.gimp_rect_select(image, 18, 8, 22, 16, CHANNEL_OP_REPLACE, FALSE, 0)
        pdb.gimp_edit_fill(layer, WHITE_FILL)
        pdb.gimp_selection_clear(image)
        change(image, layer)
        numbers += [list(layer.get_pixel(x, 10)) for x in (4, 17, 18, 20, 39, 40, 60)]
    image, layer = scene()
    pdb.plug_in_wind(image, layer, 10, 0, 10, 0, 0)
    pdb.plug_in_shift(image, layer, 5, 0)
    pdb.plug_in_video(image, layer, 0, TRUE, FALSE)
    pdb.plug_in_applylens(image, layer, 1.7, TRUE, FALSE, FALSE)
    pdb.plug_in_maze(image, layer, 4, 4, FALSE, 0, 1, 57, 1)
    pdb.plug_in_mosaic(image, layer, 15, 4, 1, 0.65, TRUE, 135, 0.2, TRUE, TRUE, 1, 0, 0)
    pdb.plug_in_sinus(image, layer, 15, 15, 1, 1, TRUE, TRUE, 0, (255, 0, 0), (0, 0, 255), 1, 1, 0, 0)
    pdb.gimp_fuzzy_select_full(layer, 5, 5, 10, CHANNEL_OP_REPLACE, TRUE, FALSE, 0, 0, FALSE, TRUE, 0)
    pdb.gimp_by_color_select_full(layer, (255, 0, 0), 10, CHANNEL_OP_ADD, TRUE, FALSE, 0, 0, FALSE, TRUE, 0)
    pdb.gimp_procedural_db_set_data("fu-check", 3, [1, 2, 3])
    assert pdb.gimp_procedural_db_get_data("fu-check") == (3, (1, 2, 3))
    return numbers


def check_selections_and_fills():
    image, layer = scene()
    numbers = []
    pdb.gimp_ellipse_select(image, 8, 8, 20, 12, CHANNEL_OP_REPLACE, TRUE, FALSE, 0)
    numbers.append(list(pdb.gimp_selection_bounds(image)[1:]))
    pdb.gimp_context_set_foreground((0, 255, 0))
    pdb.gimp_edit_bucket_fill(layer, FG_BUCKET_FILL, NORMAL_MODE, 100, 0, FALSE, 0, 0)
    numbers += pixels(layer)
    pdb.gimp_free_select(image, 6, [0, 0, 40, 0, 0, 40], CHANNEL_OP_REPLACE, FALSE, FALSE, 0)
    numbers.append(list(pdb.gimp_selection_bounds(image)[1:]))
    pdb.gimp_by_color_select(layer, (0, 255, 0), 10, CHANNEL_OP_REPLACE, FALSE, FALSE, 0, FALSE)
    numbers.append(list(pdb.gimp_selection_bounds(image)[1:]))
    pdb.gimp_selection_grow(image, 2)
    pdb.gimp_selection_feather(image, 3)
    channel = pdb.gimp_selection_save(image)
    assert image.channels == [channel]
    pdb.gimp_selection_none(image)
    pdb.gimp_selection_load(channel)
    assert not pdb.gimp_selection_is_empty(image)
    pdb.gimp_selection_layer_alpha(layer)
    pdb.gimp_edit_clear(layer)
    numbers.append(list(layer.get_pixel(1, 1))[3])
    return numbers


def check_copying_and_pasting():
    image, layer = scene()
    pdb.gimp_image_select_rectangle(image, CHANNEL_OP_REPLACE, 4, 4, 10, 10)
    assert pdb.gimp_edit_copy(layer)
    floating = pdb.gimp_edit_paste(layer, FALSE)
    assert image.floating_selection == floating and floating.is_floating_sel
    pdb.gimp_floating_sel_anchor(floating)
    other = pdb.gimp_edit_paste_as_new()
    assert isinstance(other, gimp.Image)
    numbers = [other.width, other.height]
    gimp.delete(other)
    return numbers


def check_paths():
    image, layer = scene()
    path = pdb.gimp_vectors_new(image, "path")
    pdb.gimp_image_add_vectors(image, path, -1)
    points = [10, 10, 10, 10, 10, 10, 40, 10, 40, 10, 40, 10, 40, 30, 40, 30, 40, 30]
    stroke = pdb.gimp_vectors_stroke_new_from_points(path, VECTORS_STROKE_TYPE_BEZIER, len(points), points, TRUE)
    assert pdb.gimp_vectors_get_strokes(path) == (1, (stroke,))
    assert pdb.gimp_image_get_active_vectors(image) == path and image.vectors == [path]
    kind, count, back, closed = pdb.gimp_vectors_stroke_get_points(path, stroke)
    assert list(back) == points and closed
    numbers = [pdb.gimp_vectors_stroke_get_length(path, stroke, 0.1)]
    ellipse = gimp.VectorsBezierStroke.new_ellipse(path, 20, 20, 8, 5, 0)
    assert [each.ID for each in path.strokes] == [stroke, ellipse.ID]
    path.remove_stroke(ellipse)
    pdb.gimp_vectors_to_selection(path, CHANNEL_OP_REPLACE, FALSE, FALSE, 0, 0)
    numbers += pdb.gimp_selection_bounds(image)[1:]
    svg = pdb.gimp_vectors_export_to_string(image, path)
    pdb.gimp_vectors_import_from_string(image, svg, -1, FALSE, FALSE)
    assert len(image.vectors) == 2
    made = gimp.Vectors(image, "another")
    pdb.gimp_image_insert_vectors(image, made, None, 0)
    made.name, made.visible = "mine", TRUE
    assert made.name == "mine"
    return numbers


def check_parasites():
    image, layer = scene()
    for thing in (image, layer, gimp):
        thing.attach_new_parasite("fu-check", PARASITE_PERSISTENT, b"data")
        assert thing.parasite_find("fu-check").data == b"data"
        assert "fu-check" in thing.parasite_list()
        thing.parasite_detach("fu-check")
        assert thing.parasite_find("fu-check") is None
    image.parasite_attach(gimp.Parasite("other", 0, b"\0\1"))
    assert pdb.gimp_image_parasite_find(image, "other").data == b"\0\1"
    return []


def check_the_context():
    gimp.context_push()
    gimp.set_foreground(10, 20, 30)
    pdb.gimp_context_set_background("#ff8000")
    numbers = [list(gimp.get_foreground())[:3], list(pdb.gimp_context_get_background())[:3]]
    pdb.gimp_context_set_opacity(40)
    pdb.gimp_context_set_paint_mode(LAYER_MODE_MULTIPLY)
    assert pdb.gimp_context_get_opacity() == 40
    gimp.set_background(gimpcolor.RGB(0.0, 1.0, 0.0))
    gimp.context_pop()
    assert pdb.gimp_context_get_opacity() != 40
    gradient = gimp.context_get_gradient()
    assert gradient in gimp.gradients_get_list()
    assert len(gimp.gradient_get_uniform_samples(gradient, 3)) == 3
    return numbers


def check_brushes_and_palettes():
    brush = pdb.gimp_brush_new("fu-check")
    pdb.gimp_brush_set_radius(brush, 6)
    pdb.gimp_context_set_brush(brush)
    assert pdb.gimp_context_get_brush() == brush
    image, layer = scene()
    pdb.gimp_paintbrush_default(layer, 4, [5, 5, 50, 30])
    pdb.gimp_pencil(layer, 4, [5, 40, 50, 40])
    pdb.gimp_brush_delete(brush)
    palette = pdb.gimp_palette_new("fu-check")
    pdb.gimp_palette_add_entry(palette, "orange", (255, 128, 0))
    color = pdb.gimp_palette_entry_get_color(palette, 0)
    numbers = [list(color)[:3], pdb.gimp_palette_get_info(palette)]
    pdb.gimp_palette_delete(palette)
    return numbers


def check_pixels():
    image, layer = scene(kind=RGB_IMAGE)
    region = layer.get_pixel_rgn(0, 0, layer.width, layer.height, TRUE, FALSE)
    region[2:4, 3:4] = b"\1\2\3\4\5\6"
    assert region[3, 3] == b"\4\5\6"
    pdb.gimp_drawable_set_pixel(layer, 1, 1, 3, [9, 8, 7])
    layer.flush()
    layer.merge_shadow(TRUE)
    layer.update(0, 0, 4, 4)
    assert pdb.gimp_drawable_get_pixel(layer, 1, 1) == (3, (9, 8, 7))
    assert len(layer.get_data("R'G'B' u8")) == 64 * 48 * 3
    tile = layer.get_tile2(False, 1, 1)
    assert tile[1, 1] == b"\x09\x08\x07" and gimp.PixelFetcher(layer).get_pixel(1, 1) == tile[1, 1]
    return [list(pdb.gimp_image_pick_color(image, layer, 2, 3, FALSE, FALSE, 0))[:3]]


def check_transformations():
    image, layer = scene()
    pdb.gimp_context_set_interpolation(INTERPOLATION_LINEAR)
    layer = pdb.gimp_item_transform_rotate_simple(layer, ROTATE_90, TRUE, 0, 0)
    numbers = [layer.width, layer.height]
    layer = pdb.gimp_drawable_transform_flip_simple(layer, ORIENTATION_VERTICAL, TRUE, 0, FALSE)
    layer = pdb.gimp_rotate(layer, TRUE, 0.5)
    numbers += [layer.width, layer.height]
    layer = layer.transform_scale(0, 0, 20, 10, TRANSFORM_FORWARD, INTERPOLATION_LINEAR)
    numbers += [layer.width, layer.height] + list(layer.offsets)
    pdb.gimp_image_scale_full(image, 32, 24, INTERPOLATION_CUBIC)
    image.resize(40, 40, 4, 8)
    image.crop(20, 20, 0, 0)
    pdb.gimp_drawable_offset(image.layers[0], TRUE, OFFSET_BACKGROUND, 2, 3)
    return numbers + [image.width, image.height]


def check_files():
    image, layer = scene()
    image.add_layer(gimp.Layer(image, "above", 10, 10, RGBA_IMAGE, 100, NORMAL_MODE), 0)
    folder, numbers = tempfile.mkdtemp(), []
    path = lambda name: os.path.join(folder, name)  # noqa: E731
    pdb.file_png_save(image, layer, path("a.png"), "a.png", 0, 9, 1, 1, 1, 1, 1)
    pdb.file_png_save_defaults(image, layer, path("b.png"), "b.png")
    pdb.file_jpeg_save(image, layer, path("c.jpg"), "c.jpg", 0.9, 0, 1, 0, "", 0, 1, 0, 0)
    pdb.gimp_file_save(image, layer, path("d.png"), "d.png")
    pdb.gimp_file_save(image, layer, path("e.xcf"), "e.xcf")
    for name in sorted(os.listdir(folder)):
        loaded = pdb.gimp_file_load(path(name), name)
        numbers.append([name, loaded.width, loaded.height, len(loaded.layers)])
        gimp.delete(loaded)
    loaded = pdb.file_png_load(path("a.png"), path("a.png"))
    assert (loaded.filename, pdb.gimp_image_get_filename(loaded)) == (path("a.png"),) * 2, loaded.filename
    layer = pdb.gimp_file_load_layer(image, path("b.png"))
    assert isinstance(layer, gimp.Layer)
    return numbers


def check_guides_channels_and_the_rest_of_an_image():
    image, layer = scene()
    guide = image.add_hguide(12)
    assert image.find_next_guide(0) == guide and image.get_guide_position(guide) == 12
    channel = gimp.Channel(image, "spot", 64, 48, 50, gimpcolor.RGB(255, 0, 0))
    image.add_channel(channel)
    assert channel.name == "spot" and list(channel.color)[:3] == [255, 0, 0]
    pdb.gimp_image_set_resolution(image, 96, 96)
    assert image.resolution == (96.0, 96.0) and image.unit == UNIT_INCH
    image.disable_undo()
    assert not image.undo_is_enabled()
    image.enable_undo()
    pdb.gimp_convert_indexed(image, NO_DITHER, MAKE_PALETTE, 8, FALSE, FALSE, "")
    assert len(image.colormap) % 3 == 0 and image.base_type == INDEXED
    pdb.gimp_convert_rgb(image)
    other = image.duplicate()
    assert other != image and other in gimp.image_list()
    gimp.delete(other)
    return []


def check_units_profiles_and_thumbnails():
    image, layer = scene()
    numbers = [pdb.gimp_unit_get_factor(UNIT_MM), pdb.gimp_unit_get_digits(UNIT_INCH)]
    assert pdb.gimp_unit_get_abbreviation(UNIT_MM) == "mm"
    count, profile = pdb.gimp_image_get_effective_color_profile(image)
    pdb.gimp_image_set_color_profile(image, count, profile)
    assert pdb.gimp_image_get_effective_color_profile(image)[0] == count > 0
    width, height, depth, count, data = pdb.gimp_drawable_thumbnail(layer, 16, 16)
    assert count == len(data) == width * height * depth
    path = os.path.join(tempfile.mkdtemp(), "a.xcf")
    pdb.gimp_xcf_save(0, image, layer, path, "a.xcf")
    assert pdb.gimp_xcf_load(0, path, "a.xcf").width == 64
    return numbers + [width, height, depth]


def check_what_the_database_knows():
    assert "gimp-image-flatten" in pdb.query("gimp-image-fl.*")
    assert pdb is gimp.pdb and pdb.gimp_image_flatten.nparams == 1
    assert "layer" in pdb.gimp_image_flatten.proc_blurb.lower()
    assert pdb["gimp-image-flatten"].params[0][1] == "image"
    assert gimpenums.RGBA_IMAGE == 1 and math.pi > 3
    return []


def check_what_does_not_work_names_itself():
    for call, name in (
        (lambda: pdb.gimp_no_such_thing(1), "gimp-no-such-thing"),
        (lambda: gimp.install_temp_proc(), "install_temp_proc"),
    ):
        try:
            call()
        except Exception as problem:
            assert name in str(problem), problem
        else:
            raise AssertionError(name)
    image, layer = scene()
    try:
        pdb.gimp_image_scale(image, 0, -1)
    except RuntimeError as problem:
        assert "gimp-image-scale" in str(problem), problem
    else:
        raise AssertionError("gimp-image-scale")
    return []


def run_all(path):
    outcome = {}
    for name, check in sorted(globals().items()):
        if name.startswith("check_"):
            gimp.context_push()
            try:
                outcome[name] = [None, check()]
            except Exception:
                outcome[name] = [traceback.format_exc(), None]
            gimp.context_pop()
    with open(path, "w") as stream:
        json.dump(outcome, stream)
    return len(outcome)


register(
    "fu_checks",
    "Run the checks",
    "For the tests alone",
    "Restyle",
    "Restyle",
    "2026",
    "<Toolbox>/Xtns/Checks",
    "",
    [
        (PF_STRING, "path", "Where the outcome goes", ""),
        (PF_FONT, "font", "Not used", "Sans"),
        (PF_COLOR, "color", "Not used", "red"),
    ],
    [(PF_INT32, "count", "How many there were")],
    lambda path, font, color: run_all(path),
)
register(
    "fu_on_a_photo",
    "Invert a layer",
    "For the tests alone",
    "Restyle",
    "Restyle",
    "2026",
    "<Image>/Python-Fu/_Invert a Layer...",
    "RGB*, GRAY*",
    [(PF_SLIDER, "opacity", "_Opacity", 50, (0, 100, 1)), (PF_RADIO, "how", "How", "a", (("A", "a"), ("B", "b")))],
    [(PF_LAYER, "layer", "The new layer")],
    lambda image, drawable, opacity, how: inverted(image, drawable, opacity),
    on_query=lambda: pdb.gimp_plugin_menu_register("python-fu-fu-on-a-photo", "<Image>/Filters/Checks"),
)


def inverted(image, drawable, opacity):
    layer = drawable.copy()
    image.add_layer(layer, -1)
    pdb.gimp_invert(layer)
    layer.opacity = opacity
    return layer


main()
