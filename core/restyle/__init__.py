"""Restyle: neural style transfer and photo enhancement, made for GIMP."""
