"""The painter: sizes, and what is written and read again."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from restyle.networks.encoder import CompactEncoder
from restyle.networks.painter import LEVELS, SEEN, Painter, Touch
from restyle.transport import measured


def touches(painter: Painter, features: dict[str, Tensor]) -> dict[str, Touch]:
    clouds = {level: measured(values) for level, values in features.items()}
    return {level: painter.touch(level, cloud.mean, cloud.deviation) for level, cloud in clouds.items()}


def painted(painter: Painter, features: dict[str, Tensor]) -> Tensor:
    return painter({level: features[level] for level in SEEN}, touches(painter, features))


def test_a_picture_comes_out_as_large_as_it_went_in() -> None:
    features = CompactEncoder(padding="reflect")(torch.rand(1, 3, 32, 48), LEVELS)
    assert painted(Painter(), features).shape == (1, 3, 32, 48)


def test_a_painter_read_again_paints_the_same(tmp_path: Path) -> None:
    torch.manual_seed(0)
    painter = Painter()
    painter.save(tmp_path / "painter.safetensors", {"steps": "1"})
    features = CompactEncoder()(torch.rand(1, 3, 32, 32), LEVELS)
    read = Painter.from_file(tmp_path / "painter.safetensors")
    # The file is in float16.
    assert torch.allclose(painted(read, features), painted(painter, features), atol=2e-2)


def test_a_new_painter_has_no_touch_of_its_own() -> None:
    gain, shift = Painter().touch("relu1_1", torch.rand(1, 16), torch.rand(1, 16))
    assert bool((gain == 1).all())
    assert bool((shift == 0).all())


def test_a_file_of_another_form_is_refused(tmp_path: Path) -> None:
    CompactEncoder().save(tmp_path / "encoder.safetensors")
    with pytest.raises(RuntimeError, match="levels"):
        Painter.from_file(tmp_path / "encoder.safetensors")
