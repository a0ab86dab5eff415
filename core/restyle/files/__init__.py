"""Files: pictures from disk and to disk, with bit depth, colour profile, EXIF and resolution kept."""

from restyle.files.metadata import Metadata
from restyle.files.reading import open_image
from restyle.files.writing import save_image

__all__ = ["Metadata", "open_image", "save_image"]
