"""Neural Doodle on the command line: a plan, a painting, and the painting's own plan."""

import numpy as np
from PIL import Image

from restyle.cli import main


def test_a_plan_is_painted_in_the_colours_of_the_painting(tmp_path):
    plan = np.zeros((48, 64, 3), np.uint8)
    plan[:24], plan[24:] = (0, 255, 0), (0, 0, 255)
    Image.fromarray(plan).save(tmp_path / "plan.png")
    Image.fromarray(plan[::-1].copy()).save(tmp_path / "theirs.png")
    noise = np.random.default_rng(0).integers(-20, 20, plan.shape)
    painting = np.where(plan[::-1, :, 2:] > 0, (200, 60, 40), (60, 90, 60)) + noise
    Image.fromarray(painting.clip(0, 255).astype(np.uint8)).save(tmp_path / "painting.png")
    names = [str(tmp_path / f"{name}.png") for name in ("plan", "painting", "theirs", "out")]
    options = ["--style", names[1], "--style-regions", names[2], "-o", names[3], "--brushwork", "0", "--device", "cpu"]
    assert main(["neural-doodle", names[0], *options]) == 0
    made = np.asarray(Image.open(names[3]).convert("RGB")).astype(int)
    assert made[28:, :, 0].mean() > 170
    assert made[:20, :, 0].mean() < 90
