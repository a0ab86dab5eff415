"""Edit Restyled Layer and presets in a window of each GIMP: a preset is chosen, its painting edited into another, and undone."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from tests.gimp.desktop import PICTURES
from tests.gimp.preset_bar import NIGHT, WAVES, chosen, put_presets, recall, saved
from tests.gimp.probed_window import SERIES, ProbedWindow, open_probed

TITLE, EDITING = "^Fast Style$", "^Edit Fast Style$"
FAST, EDIT = "fast-style", "edit-restyled-layer"
# Until the preview shows what was chosen last, for a picture of it.
SETTLE_S = 8


def tell(story: ProbedWindow) -> None:
    desktop, seen = story.desktop, story.seen
    dialog = story.open(FAST, TITLE)
    seen["chosen"] = chosen(story, dialog, "Waves", WAVES)
    picture(story, "preset", dialog)
    story.confirm(TITLE)
    seen["painted"] = story.painted()["layers"]

    dialog = story.open(EDIT, EDITING)
    seen["opened"] = saved(story, dialog, "As it was made")
    chosen(story, dialog, "Night", NIGHT)
    picture(story, "edit", dialog)
    story.confirm(EDITING)
    seen["edited"] = story.painted()["layers"]
    desktop.key("ctrl+z", window=story.main)
    seen["undone"] = story.until(lambda now: now["layers"] != seen["edited"], "undo")["layers"]

    dialog = story.open(EDIT, EDITING)
    recall(story, dialog, 2)
    seen["used before"] = saved(story, dialog, "Used before")
    desktop.press_until_gone("Escape", EDITING)


def picture(story: ProbedWindow, name: str, dialog: str) -> None:
    if PICTURES:
        time.sleep(SETTLE_S)
        story.picture(name, dialog)


@pytest.fixture(scope="module", params=SERIES)
def story(request: pytest.FixtureRequest, window_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProbedWindow]:
    with open_probed(request.param, tmp_path_factory.mktemp("edit"), prepare=put_presets) as found:
        tell(found)
        yield found


def test_a_preset_sets_the_dialog(story: ProbedWindow) -> None:
    assert story.seen["chosen"]["params"].items() >= WAVES.items()
    assert story.seen["painted"][0][0].startswith("The Great Wave")


def test_editing_opens_the_dialog_as_the_layer_was_made(story: ProbedWindow) -> None:
    assert story.seen["opened"] == story.seen["chosen"]


def test_the_edited_layer_takes_the_place_of_the_old_one(story: ProbedWindow) -> None:
    painted, edited = story.seen["painted"], story.seen["edited"]
    assert len(edited) == 2
    assert edited[1:] == painted[1:]
    assert edited[0][1] != painted[0][1]
    assert edited[0][0].startswith("The Starry Night")


def test_one_undo_brings_the_old_painting_back(story: ProbedWindow) -> None:
    assert story.seen["undone"] == story.seen["painted"]


def test_the_history_has_what_was_chosen_before(story: ProbedWindow) -> None:
    assert story.seen["used before"] == story.seen["chosen"]
