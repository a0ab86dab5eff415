"""Files of weights that other programs wrote: read as data, never executed."""
