"""Pictures in order: frames of a video or an animation, each made with what came of the one before."""

from restyle.engine.sequence.shots import Made, Sequence, in_order, next_of, sequence_of

__all__ = ["Made", "Sequence", "in_order", "next_of", "sequence_of"]
