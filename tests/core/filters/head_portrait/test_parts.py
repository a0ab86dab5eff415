"""The parts of Head Portrait: faces, correspondence, gain, landmarks."""

import math
from pathlib import Path

import pytest
import torch

from restyle.context import Context
from restyle.features.perceptual import load_perceptual
from restyle.filters.head_portrait.correspondence import UNSURE, Correspondence, correspond
from restyle.filters.head_portrait.face import PARTS, Face
from restyle.filters.head_portrait.gain import LEAST_GAIN, MOST_GAIN, gained, toned
from restyle.filters.head_portrait.heads import find_heads, head_mask
from restyle.filters.head_portrait.landmarks import EYES, square_of
from restyle.filters.head_portrait.models import FACES, LANDMARKS, MATTE
from restyle.filters.head_portrait.sitting import Sitter, around_head, portrait_of
from restyle.host.device import pick_device
from restyle.models.store import Store
from restyle.networks.facemesh import POINTS, SIDE_PX, FaceMesh, facemesh_from_state_dict
from restyle.pictures.resizing import resized

EYES_OF_ASTRONAUT = ((106.9, 100.7), (150.6, 102.9))
"""Where her pupils are in the cut-out, looked up by eye."""


@pytest.fixture(scope="module")
def network():
    return load_perceptual("deep", Context(pick_device("cpu", "float32")))


@pytest.fixture(scope="module")
def fetched(reference: Path, tmp_path_factory):
    """A context whose store has the three networks."""
    store = Store(tmp_path_factory.mktemp("fetched"))
    for name in ("face_detection_short_range.tflite", "facemesh.pth", "slim_reshape_v2.tflite"):
        store.import_any(reference / "portrait" / name)
    return Context(pick_device("cpu", "float32"), store=store)


def uniform(trust=1.0, cells=16):
    """Every place corresponds to itself."""
    line = (torch.arange(cells) + 0.5) / cells * 2 - 1
    rows, columns = torch.meshgrid(line, line, indexing="ij")
    return Correspondence(torch.stack((columns, rows), -1)[None], torch.full((1, 1, cells, cells), float(trust)))


def test_a_face_that_is_moved_and_scaled_has_its_parts_there():
    face = Face((50.0, 40.0, 40.0, 0.2))
    moved = face.moved(10, 20, 2.0)
    for part in PARTS:
        for first, second in zip(face.outlines(part), moved.outlines(part), strict=True):
            assert torch.allclose((first - torch.tensor([10.0, 20.0])) * 2, second, atol=1e-4)


def test_a_tilted_face_has_its_eyes_above_its_mouth_along_its_own_axis():
    for angle in (0.0, math.pi / 2):
        face = Face((64.0, 64.0, 60.0, angle))
        eyes, mouth = (torch.cat(face.outlines(part)).mean(0) for part in ("eyes", "mouth"))
        down = torch.tensor([-math.sin(angle), math.cos(angle)])
        assert float((mouth - eyes) @ down) > 0.3 * 60
        assert abs(float((mouth - eyes) @ torch.tensor([math.cos(angle), math.sin(angle)]))) < 1


def test_the_parts_of_a_portrait_share_each_pixel(astronaut):
    context = Context(pick_device("cpu", "float32"))
    (face,) = find_heads(astronaut, None, False, context)
    portrait = portrait_of(Sitter(astronaut, face), context)
    assert torch.allclose(portrait.parts.sum(1), torch.ones(1, 256, 256), atol=1e-4)
    for x, y in EYES_OF_ASTRONAUT:
        assert float(portrait.parts[0, 0, round(y), round(x)]) > 0.8
    assert float(portrait.parts[0, 4, 5, 5]) > 0.95
    rows, columns = around_head(face, 256, 256)
    assert rows.start <= 20
    assert columns.start < 60 < 200 < columns.stop


def test_the_same_head_elsewhere_and_larger_is_laid_on_itself(astronaut, network):
    context = Context(pick_device("cpu", "float32"))
    larger = resized(astronaut, 320, 320).clamp(0, 1)[:, :, 10:, 30:].contiguous()
    (ours,), (theirs,) = (find_heads(picture, None, False, context) for picture in (astronaut, larger))
    found = correspond(astronaut, ours, larger, theirs, network)
    x, y = EYES_OF_ASTRONAUT[0]
    field = resized(found.places.permute(0, 3, 1, 2), 256, 256)[0, :, round(y), round(x)]
    place = (field + 1) / 2 * torch.tensor([larger.shape[3], larger.shape[2]])
    # A twentieth of the face's side: the cascade alone is off by more.
    assert math.dist(place.tolist(), (x * 1.25 - 30, y * 1.25 - 10)) < 0.05 * theirs.side
    assert float(found.trust[0, 0, 28, 32]) == pytest.approx(UNSURE, abs=0.05)
    assert float(found.trust[0, 0, 60, 2]) == 0


def test_features_that_are_alike_have_no_gain_and_no_gain_is_beyond_the_papers_bounds():
    features = torch.rand(1, 4, 16, 16, generator=torch.Generator().manual_seed(0)) + 0.1
    assert torch.allclose(gained(features, features, uniform()), features, atol=1e-5)
    assert torch.allclose(gained(features, 100 * features, uniform()), MOST_GAIN * features, atol=1e-4)
    assert torch.allclose(gained(features, features / 100, uniform()), LEAST_GAIN * features, atol=1e-4)
    assert torch.equal(gained(features, 100 * features, uniform(trust=0)), features)


def test_light_and_colours_follow_the_painting_only_where_it_is_trusted():
    photo = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0)) * 0.2 + 0.5
    painting = photo * torch.tensor([1.0, 0.6, 0.3]).view(1, 3, 1, 1)
    lit = toned(photo, painting, uniform(), side=40)
    assert (lit.mean((2, 3)) - painting.mean((2, 3))).abs().max() < 0.02
    assert torch.allclose(toned(photo, painting, uniform(trust=0), side=40), photo)


def test_the_mesh_has_the_form_of_the_published_file():
    torch.manual_seed(0)
    mesh = FaceMesh()
    again = facemesh_from_state_dict(mesh.state_dict())
    faces = torch.rand(2, 3, SIDE_PX, SIDE_PX)
    with torch.no_grad():
        points, sure = again(faces)
        assert torch.equal(points, mesh(faces)[0])
    assert points.shape == (2, POINTS, 2)
    assert ((sure >= 0) & (sure <= 1)).all()


def test_landmarks_lie_where_the_eyes_are(astronaut, fetched):
    for tilt in (False, True):
        picture = astronaut.flip(3) if tilt else astronaut
        (face,) = find_heads(picture, None, True, fetched)
        wanted = [(256 - x, y) for x, y in reversed(EYES_OF_ASTRONAUT)] if tilt else EYES_OF_ASTRONAUT
        for corners, (x, y) in zip(EYES, wanted, strict=True):
            found = face.points[list(corners)].mean(0).tolist()
            # 3 % of the face's height.
            assert math.dist(found, (x, y)) < 0.03 * face.side
    assert abs(square_of(face.points)[3]) < 0.2


def test_small_faces_and_two_faces_are_found(astronaut, fetched):
    wide = torch.full((1, 3, 400, 900), 0.6)
    wide[:, :, 100:228, 100:228] = resized(astronaut, 128, 128).clamp(0, 1)
    wide[:, :, 100:356, 500:756] = astronaut
    faces = find_heads(wide, None, True, fetched)
    assert [round(face.square[0] / 10) for face in faces] == [63, 16]


def test_nobody_is_found_where_nobody_is(noise, fetched):
    assert find_heads(noise, None, True, fetched) == []
    assert find_heads(torch.zeros(1, 3, 64, 64), None, True, fetched) == []
    assert find_heads(torch.zeros(1, 3, 8, 2000), None, True, fetched) == []


def test_a_matte_ends_where_the_person_does(astronaut, fetched):
    (face,) = find_heads(astronaut, None, True, fetched)
    mask = head_mask(astronaut, face, None, None, fetched)
    assert float(mask[0, 0, 110, 128]) > 0.9
    assert float(mask[0, 0, 40, 30]) < 0.1


@pytest.mark.parametrize("weights", [FACES, LANDMARKS, MATTE])
def test_published_files_are_known_by_their_content_and_kept(fetched, weights):
    assert fetched.store.has(weights)
    fetched.store.verify(weights)
