"""What the engine for any size is made of."""

from collections.abc import Iterator

import pytest
import torch
from tests.architectures import pytorch_examples
from torch import Tensor
from torch.nn import functional as F

from restyle.engine.any_size.convolution import kernel_of, rectify_
from restyle.engine.any_size.extent import extent_of
from restyle.engine.any_size.sampling import plan_sample
from restyle.engine.any_size.statistics import Moments, Region
from restyle.engine.any_size.storage import RowStore, SlabPool
from restyle.engine.any_size.streams import RowQueue, gathered, joined, split
from restyle.networks.blocks import ConvLayer, TransposedConv
from restyle.networks.dped import dped_generator
from restyle.networks.transformer import build


@pytest.fixture(autouse=True)
def always_the_same_numbers() -> None:
    torch.manual_seed(0)


def put_together(bands: Iterator[Tensor]) -> Tensor:
    return torch.cat(list(bands), 2)


@pytest.mark.parametrize("rows", [1, 3, 7, 50])
def test_gathered_bands_have_the_rows_that_were_asked_for(rows: int) -> None:
    picture = torch.rand(1, 2, 23, 4)
    bands = list(gathered(split(picture, rows), 5))
    assert all(band.shape[2] >= 5 for band, _ in bands)
    assert [is_last for _, is_last in bands] == [False] * (len(bands) - 1) + [True]
    assert torch.equal(torch.cat([band for band, _ in bands], 2), picture)


def test_a_queue_gives_rows_in_their_order_whatever_bands_they_came_in() -> None:
    picture, queue = torch.rand(1, 2, 12, 4), RowQueue()
    for band in split(picture, 5):
        queue.append(band)
    assert torch.equal(torch.cat([queue.take(count) for count in (1, 7, 4)], 2), picture)


def test_streams_that_join_are_cut_to_the_same_rows() -> None:
    picture = torch.rand(1, 2, 12, 4)
    pairs = list(joined([split(picture, 5), split(picture, 3)]))
    assert all(first.shape == second.shape for first, second in pairs)
    assert torch.equal(torch.cat([first for first, _ in pairs], 2), picture)


def test_a_store_gives_back_what_was_put_in_and_hands_its_memory_on() -> None:
    pool, picture = SlabPool(), torch.rand(1, 8, 3000, 64).to(memory_format=torch.channels_last)
    addresses = []
    for _ in range(2):
        store = RowStore(pool)
        for band in split(picture, 400):
            store.append(band)
        assert store.rows == 3000
        rows = []
        while store.rows:
            rows.append(store.take(170).clone())
        addresses.append({slab.data_ptr() for slab in pool._free})
        store.release()
        assert torch.equal(torch.cat(rows, 2), picture)
    assert addresses[1] <= {slab.data_ptr() for slab in pool._free}


def test_moments_of_bands_are_those_of_all_rows() -> None:
    picture = 3 + 2 * torch.randn(1, 5, 40, 30)
    moments = Moments()
    moments.add_all(split(picture, 7))
    result = moments.result()
    torch.testing.assert_close(result.mean, picture.mean((0, 2, 3)))
    torch.testing.assert_close(result.variance, picture.var((0, 2, 3), correction=0))


def test_a_region_counts_its_rows_and_columns_alone() -> None:
    picture = torch.rand(1, 5, 40, 30)
    moments = Moments()
    moments.add_all(split(picture, 7), Region(((2, 9), (20, 31)), (4, 22)))
    counted = torch.cat([picture[:, :, 2:9, 4:22], picture[:, :, 20:31, 4:22]], 2)
    torch.testing.assert_close(moments.result().mean, counted.mean((0, 2, 3)))


def test_nothing_has_no_statistics() -> None:
    with pytest.raises(ValueError, match="no pixels"):
        Moments().result()


def test_a_transposed_convolution_takes_four_small_kernels_and_no_zeros_between_pixels() -> None:
    kernel = kernel_of(TransposedConv(6, 4, 3))
    assert tuple(kernel.weight.shape) == (16, 6, 2, 2)


def test_a_convolution_after_doubling_takes_16_of_36_multiplications() -> None:
    kernel = kernel_of(ConvLayer(6, 4, 3, upsample=2))
    assert tuple(kernel.weight.shape) == (16, 6, 2, 2)
    assert kernel.edges == "replicate"


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_rectifying_bits_is_relu(dtype: torch.dtype) -> None:
    values = torch.randn(1000).to(dtype)
    expected = F.relu(values)
    assert torch.equal(rectify_(values), expected)


def test_the_extent_of_pytorchs_network_is_what_one_counts_by_hand() -> None:
    extent = extent_of(build(pytorch_examples()))
    assert extent.stride == 4
    assert extent.numbers_per_pixel == 32
    # 4 of the first kernel, 1 and 2 of the strides, 10 times 4 of the residual blocks, 4 and 2 of the doublings, 4 of the last.
    assert extent.reach_px == 57
    assert len(extent.work_to_norms) == 15


def test_dpeds_maps_are_two_of_64_channels() -> None:
    assert extent_of(dped_generator()).numbers_per_pixel == 128


def test_tiles_lie_all_over_the_picture_on_multiples_of_the_stride() -> None:
    extent = extent_of(build(pytorch_examples()))
    sample = plan_sample(3000, 5000, pixels=3e6, extent=extent)
    assert sample is not None
    assert sample.side**2 * len(sample.places) <= 3e6
    assert all(top % 4 == 0 and left % 4 == 0 for top, left in sample.places)
    assert min(sample.places) == (0, 0)
    assert max(top for top, _ in sample.places) + sample.side > 3000 - 4
    assert max(left for _, left in sample.places) + sample.side > 5000 - 4
    stack = sample.stacked(torch.rand(1, 1, 3000, 5000))
    assert stack.shape[2] == sample.side * len(sample.places)
    assert len(sample.region.rows) == len(sample.places)


def test_a_picture_narrower_than_a_tile_is_not_sampled() -> None:
    assert plan_sample(20000, 100, pixels=1e6, extent=extent_of(dped_generator(8))) is None
