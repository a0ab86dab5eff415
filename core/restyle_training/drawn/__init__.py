"""Style pictures that are drawn by rule: nobody else owns them, so they may ship. ``python -m restyle_training.drawn FOLDER``."""
