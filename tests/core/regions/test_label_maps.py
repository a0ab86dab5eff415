"""Maps of numbers are regions, whatever the numbers are and however many bits they have."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest
import tifffile

from restyle.pictures.files import open_image
from restyle.regions.maps import read_maps


def numbers(*labels: int, dtype: type = np.uint8) -> np.ndarray:
    """Stripes of equal width, one for each number."""
    return np.repeat(np.array(labels, dtype), 40)[None].repeat(60, 0)


def names(path, array: np.ndarray) -> tuple[str, ...]:
    if path.suffix == ".tif":
        tifffile.imwrite(path, array)
    else:
        PIL.Image.fromarray(array).save(path)
    (regions,) = read_maps([open_image(path)[0]])
    assert regions.masks.sum(1).min() == regions.masks.sum(1).max() == 1
    return regions.names


@pytest.mark.parametrize(
    ("file", "dtype"),
    [
        ("a.png", np.uint8),
        ("a.png", np.uint16),
        ("a.tif", np.uint8),
        ("a.tif", np.uint16),
        ("a.tif", np.uint32),
        ("a.tif", np.int32),
    ],
)
@pytest.mark.parametrize("labels", [(0, 1, 2, 3), (1, 2), (4, 0, 17, 120), (0, 1, 255)])
def test_small_numbers_are_regions_as_labels(tmp_path, file, dtype, labels):
    assert names(tmp_path / file, numbers(*labels, dtype=dtype)) == tuple(str(label) for label in labels)


@pytest.mark.parametrize("labels", [(0, 1000, 1001, 26003), (11, 300, 65535)])
def test_numbers_of_16_bits_are_regions_as_labels(tmp_path, labels):
    assert names(tmp_path / "a.png", numbers(*labels, dtype=np.uint16)) == tuple(str(label) for label in labels)


def test_floats_that_are_numbers_are_regions_as_labels(tmp_path):
    assert names(tmp_path / "a.tif", numbers(0, 1, 2, dtype=np.float32)) == ("0", "1", "2")


def test_equal_numbers_of_two_maps_have_one_name(tmp_path):
    for name, labels in (("a.png", (0, 1, 2)), ("b.png", (2,))):
        PIL.Image.fromarray(numbers(*labels)).save(tmp_path / name)
    first, second = read_maps([open_image(tmp_path / name)[0] for name in ("a.png", "b.png")])
    assert (first.names, second.names) == (("0", "1", "2"), ("2",))


@pytest.mark.parametrize("labels", [(0, 255), (0, 128, 255), (255, 0, 248), (30, 90, 150)])
def test_greys_that_differ_as_colours_do_stay_colours(tmp_path, labels):
    found = names(tmp_path / "a.png", numbers(*labels))
    assert all(not name.isdigit() for name in found)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_map_with_soft_edges_stays_one_of_colours(tmp_path, dtype):
    row = np.concatenate((np.zeros(50), np.linspace(0, 1, 20), np.ones(50))) * np.iinfo(dtype).max
    assert all(not name.isdigit() for name in names(tmp_path / "a.png", row.astype(dtype)[None].repeat(60, 0)))


def test_what_is_transparent_in_a_label_map_is_the_rest(tmp_path):
    labels = numbers(0, 1, 2)
    alpha = np.full_like(labels, 255)
    alpha[:, 80:] = 0
    PIL.Image.fromarray(np.stack((labels, alpha), -1)).save(tmp_path / "a.png")
    (regions,) = read_maps([open_image(tmp_path / "a.png")[0]])
    assert regions.names == ("0", "1", "rest")


def test_more_numbers_than_there_may_be_regions_leave_a_rest(tmp_path):
    found = names(tmp_path / "a.png", numbers(*range(50)))
    assert len(found) == 32
    assert "rest" in found
