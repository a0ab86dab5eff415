"""Pictures as values: pixels, colours, profiles, transparency, and the files that they lie in."""
