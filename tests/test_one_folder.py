"""A newcomer adds a filter by adding one folder: here it lies in tests/ alone, and works in every way that there is."""

import json
import sys
import urllib.parse
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image as Pillow

from restyle import filters as filters_package
from restyle.api import apply_all, request
from restyle.cli import main
from restyle.contract.catalogue import catalogue
from restyle.contract.request import Request, check
from restyle.filters import filters, find_filter
from restyle.pictures.image import Image
from restyle.service.runner import CoreRunner
from restyle.service.service import Service
from tests.core.service.fakes import PATIENCE_S, TOKEN, Api

FOLDER = Path(__file__).with_name("one_folder")
GROUND_SIZE = (48, 40)
RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)
PURPLE = 128
"""Half red, half blue."""


@pytest.fixture(autouse=True)
def collage(monkeypatch):
    """The filter's folder lies where filters are looked for; nothing else is done."""
    monkeypatch.setattr(filters_package, "__path__", [*filters_package.__path__, str(FOLDER)])
    filters.cache_clear()
    yield find_filter("collage")
    filters.cache_clear()
    for name in [name for name in sys.modules if name.startswith("restyle.filters.collage")]:
        del sys.modules[name]


@pytest.fixture
def paths(tmp_path):
    """Files: a red pattern with a map of its regions, a white paper, a blue ground."""
    found = {}
    for name, colour, size in (("pattern", RED, (36, 36)), ("paper", WHITE, (40, 40)), ("ground", BLUE, GROUND_SIZE)):
        found[name] = tmp_path / f"{name}.png"
        Pillow.new("RGB", size, colour).save(found[name])
    regions = Pillow.new("RGB", (36, 36), RED)
    regions.paste(BLUE, (0, 0, 36, 18))
    found["map"] = tmp_path / "map.png"
    regions.save(found["map"])
    return found


@pytest.fixture
def api(tmp_path):
    """A server of this one filter, in this process."""
    service = Service(TOKEN, (find_filter("collage"),), {}, CoreRunner(tmp_path, ()), tmp_path / "log")
    service.worker.start()
    yield Api(service)
    assert service.worker.stop(PATIENCE_S)


def test_it_stands_in_the_menu_where_it_says(collage):
    assert filters()[0] is collage
    described = catalogue(filters())["filters"][0]
    assert [item["kind"] for item in described["inputs"]] == ["pictures", "pictures", "backdrop"]
    assert [item["kind"] for item in described["outputs"]] == ["picture", "picture", "file"]


def test_it_works_from_python(paths):
    ground = Image(torch.tensor([0.0, 0.0, 1.0]).view(1, 3, 1, 1).expand(1, 3, 40, 48))
    pictures = {"patterns": [paths["pattern"]], "pattern_regions": [paths["map"]], "papers": [paths["paper"]]}
    made = apply_all("collage", ground=ground, at=(3, -4), share=1.0, device="cpu", **pictures)
    assert (made.picture.width, made.picture.height) == GROUND_SIZE
    assert made.picture.pixels.mean((0, 2, 3)).tolist() == pytest.approx([1, 0, 0])
    assert (made.pictures["proof"].width, made.pictures["proof"].height) == (4, 4)
    recipe = json.loads(made.files["recipe"])
    assert recipe["at"] == [3, -4]
    assert sorted(recipe["regions"]) == ["blue", "red"]


def test_its_request_is_plain_json_that_says_all(paths, collage):
    made = request("collage", patterns=[paths["pattern"]], ground=paths["ground"], at=(1, 2), share=0.25)
    again = Request.model_validate_json(made.model_dump_json())
    assert again == made
    use = check(collage, again)
    assert list(use.refs()) == [str(paths["pattern"]), str(paths["ground"])]
    assert (use.inputs["ground"].x, use.params.share) == (1, 0.25)


def size_of(path):
    with Pillow.open(path) as picture:
        return picture.size


def test_it_works_on_the_command_line(paths, tmp_path):
    out = tmp_path / "out.png"
    arguments = ["--pattern", paths["pattern"], "--paper", paths["paper"], "--paper", paths["paper"], "--paper-weight", 1,
                 "--paper-weight", 3, "--ground", paths["ground"], "--at", "5,6", "-o", out, "--device", "cpu"]  # fmt: skip
    assert main(["collage", *map(str, arguments)]) == 0
    assert size_of(out) == GROUND_SIZE
    assert size_of(tmp_path / "out-proof.png") == (4, 4)
    assert json.loads((tmp_path / "out-recipe.json").read_text()) == {"regions": [], "papers": [1, 3], "at": [5, 6]}


def upload(api, colour, size):
    return api.upload(bytes(colour) * size[0] * size[1], size[0], size[1])


def test_it_works_over_http(api):
    inputs = {
        "patterns": [{"image": upload(api, RED, (36, 36)), "regions": {"map": upload(api, BLUE, (9, 9))}}],
        "papers": [{"image": upload(api, WHITE, (40, 40)), "weight": 2.0}],
        "ground": {"image": upload(api, BLUE, GROUND_SIZE), "x": 7},
    }
    job = api.end_of(api("POST", "/v1/filters/collage/jobs", json={"inputs": inputs}).json()["id"])
    assert job["state"] == "done", job
    sheet, proof, recipe = job["results"]
    assert (sheet["width"], sheet["height"], proof["width"]) == (*GROUND_SIZE, 4)
    pixels = np.frombuffer(api("GET", f"/v1/images/{sheet['image']}").content, np.uint8)
    assert pixels[:3].tolist() == [PURPLE, 0, PURPLE]
    told = api("GET", f"/v1/jobs/{job['id']}/files/{recipe['name']}").json()
    assert told == {"regions": ["blue"], "papers": [2.0], "at": [7, 0]}
    assert api("GET", f"/v1/jobs/{job['id']}/files/other").status_code == 404


class InProcess:
    """The plug-in's server, without a socket: the methods of its client over the app."""

    def __init__(self, api):
        self._api, self.place, self.note = api, "", ""

    def upload(self, width, height, channels, dtype, parts, length):
        return self._api.upload(b"".join(bytes(part) for part in parts), width, height, channels, dtype)

    def start(self, filter_id, body, sequence=""):
        answer = self._api("POST", f"/v1/filters/{filter_id}/jobs", json=body)
        assert answer.status_code == 202, answer.text
        return answer.json()

    def poll(self, job, seen, wait_ms):
        return self._api.job(job, seen=seen, wait_ms=wait_ms)

    def download(self, image, channels, dtype, sizes):
        query = urllib.parse.urlencode({"channels": channels, "dtype": dtype})
        raw = self._api("GET", f"/v1/images/{image}?{query}").content
        for size in sizes:
            part, raw = raw[:size], raw[size:]
            yield part

    def file(self, job, name):
        return self._api("GET", f"/v1/jobs/{job}/files/{name}").content

    def delete_image(self, image):
        self._api("DELETE", f"/v1/images/{image}")

    def cancel(self, job):
        self._api("DELETE", f"/v1/jobs/{job}")


def test_it_works_in_a_gimp_and_its_layers_remember_how_they_were_made(api, collage, home_of_its_own):
    from tests.plugin.portable.stage import Stage

    declared = json.loads(json.dumps(catalogue([collage])))["filters"][0]
    with Stage(server=InProcess(api), drawable_type=0, size=GROUND_SIZE, declared=declared) as stage:
        assert stage.run(pattern_1_layer=stage.style) == "success", stage.gimp.messages
        sheet, proof = reversed(stage.results())
        names = [stage.gimp.item_name(layer) for layer in (sheet, proof)]
        assert [name.rpartition("(")[2] for name in names] == ["Collage)", "Collage)"]
        assert (stage.gimp.drawable_width(sheet), stage.gimp.drawable_height(sheet)) == GROUND_SIZE
        assert stage.gimp.drawable_width(proof) == 4
        made = json.loads(stage.gimp.item_parasite(sheet, "restyle").decode("utf-8"))
        use = check(collage, Request(**made["request"]))
        assert [ref.partition(":")[0] for ref in use.refs()] == ["layer", "beneath"]
        assert use.params == collage.params()
    (recipe,) = (home_of_its_own / "made").iterdir()
    assert json.loads(recipe.read_text())["at"] == [0, 0]
