"""How the weights in the box were made; not part of what users install."""
