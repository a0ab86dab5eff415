"""Long paintings in a window of each GIMP: they grow on the canvas; Cancel lets the next one begin; both leave no trace."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from tests.gimp.desktop import eventually
from tests.gimp.gimp3_session import PATIENCE_S
from tests.gimp.probed_window import SERIES, ProbedWindow, open_probed
from tests.gimp.server_process import open_jobs

# One takes minutes wherever it is painted, and is cancelled; the other takes longer than it takes to be shown, and ends.
LONG, LONG_TITLE, GROWING = "neural-style", "^Neural Style$", "Neural Style\u2026"
NEXT, NEXT_TITLE, GROWN = "deep-dream", "^DeepDream$", "DeepDream"
SETTINGS = {LONG: {"working-size": 512, "steps": 2000}, NEXT: {"working-size": 256, "steps": 40}}
# From the right and lower edges of GIMP's window.
CANCEL = {"gimp2.10": (-60, -20), "gimp3.0": (-272, -17), "gimp3.2": (-272, -17)}
# Of 255, on average: a painting differs by far more.
ALIKE = 1
# Of a machine that does ten other things.
PAINTING_S = 1800
# A job that somebody has to cancel: it does not end because nobody asks after it.
LEASE_S = 3600


def tell(story: ProbedWindow) -> None:
    desktop, seen = story.desktop, story.seen
    seen["before"] = story.look()
    desktop.point_at(story.main, *CANCEL[story.name])  # as then: over the canvas GIMP draws the tool's outline
    shown = story.shown()
    photo = seen["before"]["layers"][0][1]
    story.open(LONG, LONG_TITLE)
    story.confirm(LONG_TITLE)
    seen["growing"] = story.until(lambda now: now["layers"][0][0] == GROWING and now["layers"][0][1] != photo, "growth")
    story.picture("canvas-growing")
    seen["grown further"] = story.until(lambda now: now["layers"][0] != seen["growing"]["layers"][0], "further growth")
    story.picture("canvas-grown-further")
    eventually(lambda: is_cancelled(story), PATIENCE_S, "the end of the plug-in")
    seen["cancelled"] = story.look()
    # Nothing else makes GIMP draw anew.
    eventually(lambda: np.abs(story.shown() - shown).mean() < ALIKE, PATIENCE_S, "the photo on the canvas")
    eventually(lambda: open_jobs(story.home) == 0, PATIENCE_S, "the end of the job")
    story.picture("canvas-cancelled")
    story.open(NEXT, NEXT_TITLE)
    story.confirm(NEXT_TITLE)
    seen["painted"] = story.painted(PAINTING_S)
    story.picture("canvas-painted")
    desktop.key("ctrl+z", window=story.main)
    seen["undone"] = story.until(lambda now: len(now["layers"]) == 1, "undo")


def is_cancelled(story: ProbedWindow) -> bool:
    """Press Cancel, which is away for a moment where another plug-in, such as the probe, has just ended."""
    story.desktop.click_in(story.main, *CANCEL[story.name])
    return not story.is_painting()


@pytest.fixture(scope="module", params=SERIES)
def story(request: pytest.FixtureRequest, window_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProbedWindow]:
    with open_probed(request.param, tmp_path_factory.mktemp("canvas"), SETTINGS, lease_s=LEASE_S) as found:
        tell(found)
        yield found


def test_a_long_painting_is_seen_above_the_photo_and_sharpens(story: ProbedWindow) -> None:
    before, growing, further = (story.seen[name] for name in ("before", "growing", "grown further"))
    assert [state["layers"][1:] for state in (growing, further)] == [before["layers"]] * 2
    assert [state["layers"][0][0] for state in (growing, further)] == [GROWING] * 2
    assert growing["layers"][0] != further["layers"][0]


def test_cancel_in_the_middle_leaves_the_image_as_it_was(story: ProbedWindow) -> None:
    assert story.seen["before"]["dirty"] is False
    assert story.seen["cancelled"] == story.seen["before"]


def test_the_next_painting_takes_its_place_and_one_undo_leaves_the_image_as_it_was(story: ProbedWindow) -> None:
    (name, _), *others = story.seen["painted"]["layers"]
    assert (name, others) == (GROWN, story.seen["before"]["layers"])
    assert story.seen["undone"] == story.seen["before"]
