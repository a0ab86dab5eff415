"""Regions: a map that other filters read back, along the edges of the photo."""

import pytest
import torch
from tests.loading import inputs_of

from restyle.context import Context
from restyle.contract.errors import Cancelled
from restyle.contract.progress import CallbackProgress, SilentProgress
from restyle.engine.run import run
from restyle.filters.find_regions import REGIONS, RegionsParams, method
from restyle.host.device import pick_device
from restyle.pictures.image import Image
from restyle.regions.maps import COLORS, read_maps

HORIZON = 151


@pytest.fixture
def photo():
    """A blue sky over green grain, 300 x 240; the sky ends in no round number of rows."""
    generator = torch.Generator().manual_seed(3)
    grain = 0.1 * torch.randn(1, 240 - HORIZON, 300, generator=generator)
    sky = torch.tensor([0.5, 0.7, 0.95]).view(3, 1, 1).expand(3, HORIZON, 300)
    grass = torch.tensor([0.2, 0.4, 0.1]).view(3, 1, 1) + grain
    return Image(torch.cat((sky, grass), 1).clamp(0, 1).unsqueeze(0))


def find(photo, progress=None, **params):
    context = Context(pick_device("cpu", "float32"), progress or SilentProgress())
    return run(REGIONS, inputs_of(photo), RegionsParams.parse(params), context).picture


def test_the_map_has_flat_colours_that_meet_along_the_edge_of_the_photo(photo):
    found = find(photo, most=2)
    colors = torch.unique((found.pixels[0].flatten(1).T * 255).round().int(), dim=0).tolist()
    assert {tuple(color) for color in colors} <= set(COLORS.values())
    (regions,) = read_maps([found])
    sky = regions.masks[:, int(regions.masks[0, :, :9].mean((1, 2)).argmax())]
    assert sky[:, :HORIZON].mean() > 0.99
    assert sky[:, HORIZON:].mean() < 0.01


def test_no_more_regions_are_found_than_asked_for(photo):
    assert len(read_maps([find(photo, most=1)])[0].names) == 1


def test_alpha_stays_as_it_was(photo):
    alpha = torch.rand(1, 1, 240, 300)
    assert torch.equal(find(Image(photo.pixels, alpha)).alpha, alpha)


def test_progress_only_grows_and_finding_can_be_cancelled_at_any_band(photo, monkeypatch):
    monkeypatch.setattr(method, "BAND_ROWS", 16)
    reports = []
    find(photo, CallbackProgress(reports.append))
    places = [report.step / report.of for report in reports]
    assert places == sorted(places)
    last = len(reports)
    assert last == 16
    reports.clear()
    with pytest.raises(Cancelled):
        find(photo, CallbackProgress(reports.append, lambda: len(reports) >= last - 1))
    assert len(reports) == last - 1
