"""What travels with a task: a person's own models, from whichever folder they lie in, and each once."""

import pytest
from PIL import Image
from safetensors.torch import save_file
from torch import zeros

from restyle.batch.crew import Task
from restyle.batch.goods import Goods
from restyle.contract.request import Request
from restyle.pictures.paths import ref_of
from restyle.service.clients import HereClient

MODELS = [("fast-style", "style_name", "fast_style"), ("change-the-world", "world", "change_the_world")]


def task(folder, filter_id, **params):
    photo = folder / "photo.png"
    Image.new("RGB", (8, 8)).save(photo)
    return Task(0, photo, folder / "out.png", Request(filter=filter_id, inputs={"content": ref_of(photo)}, params=params))


@pytest.mark.parametrize(("filter_id", "setting", "folder"), MODELS)
def test_a_model_of_ones_own_travels_with_its_task_and_is_handed_over_once(tmp_path, home_of_its_own, filter_id, setting, folder):
    place = home_of_its_own / "models" / folder / "mine.safetensors"
    place.parent.mkdir(parents=True)
    save_file({"a": zeros(1)}, place)
    given = []
    goods = Goods(lambda content: given.append(content) or len(given))
    for _ in range(2):
        parcel, contents = goods.parcel(task(tmp_path, filter_id, **{setting: "mine"}), HereClient())
    assert parcel.models == (f"{folder}/mine.safetensors",)
    assert given == [place.read_bytes()]
    assert contents == [(tmp_path / "photo.png").read_bytes(), 1]


def test_a_model_that_comes_with_restyle_does_not_travel(tmp_path, home_of_its_own):
    parcel, _ = Goods(lambda content: content).parcel(task(tmp_path, "fast-style"), HereClient())
    assert parcel.models == ()
