"""Networks at any size: the same picture as in one piece, in bounded memory, with progress and a way to stop."""

from restyle.engine.any_size.engine import apply_at_any_size, measure_statistics
from restyle.engine.any_size.statistics import NormStatistics, Statistics

__all__ = ["NormStatistics", "Statistics", "apply_at_any_size", "measure_statistics"]
