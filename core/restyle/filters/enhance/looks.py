"""The looks in the box, as numbers: how far each opens shadows, how much it believes the judge, how much it adds."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LOOKS", "Look"]


@dataclass(frozen=True)
class Look:
    """One look at full strength."""

    shadows: float  # mean luma that the darkest third is brought towards
    opening: float  # share of the way there, where dark parts stand against bright ones
    mood_opened: float  # share of that where nothing is bright, so that the dark may be meant
    clarity: float  # contrast of texture added where shadows are opened
    depth: float  # share of a veil over the darkest parts that is taken away
    neutrality: float  # share of the shadows' cast that is taken away
    exposure: float  # share of what a photo without white lacks of it
    trust: float  # in the judge's curves and colours: it learned from few photos, and half of what it says came nearest
    is_vivid: bool = False


LOOKS = {
    "natural": Look(
        shadows=0.29, opening=0.585, mood_opened=0.1, clarity=0.18, depth=0.9, neutrality=0.7, exposure=0.8, trust=0.6
    ),
    "vivid": Look(
        shadows=0.32,
        opening=0.6,
        mood_opened=0.25,
        clarity=0.6,
        depth=0.8,
        neutrality=0.7,
        exposure=0.8,
        trust=0.55,
        is_vivid=True,
    ),
    "open-shadows": Look(
        shadows=0.36, opening=0.8, mood_opened=0.7, clarity=0.3, depth=0.0, neutrality=0.5, exposure=0.0, trust=0.0
    ),
}
