"""What ships is small, and says how it was made."""

from restyle.models.manifest import WEIGHTS
from restyle.models.store import SHIPPED_FOLDER

MOST_BYTES = 12_000_000
"""What all weights in the box may take together."""


def test_the_weights_in_the_box_stay_under_twelve_megabytes_together() -> None:
    assert 0 < sum(path.stat().st_size for path in SHIPPED_FOLDER.glob("*.safetensors")) < MOST_BYTES


def test_each_file_in_the_box_is_listed_and_has_a_card_beside_it() -> None:
    shipped = {path.name for path in SHIPPED_FOLDER.glob("*.safetensors")}
    assert shipped == {entry.filename for entry in WEIGHTS.values() if entry.is_shipped}
    for name in shipped:
        card = (SHIPPED_FOLDER / name).with_suffix(".md").read_text(encoding="utf-8")
        # How it was made is a command that can be run again.
        assert "python -m restyle_training." in card, name
