"""Files: pictures from disk and to disk, with bit depth, colour profile, EXIF and resolution kept."""

from restyle.pictures.files.metadata import Metadata
from restyle.pictures.files.reading import open_image
from restyle.pictures.files.writing import save_image, save_or_rescue

__all__ = ["Metadata", "open_image", "save_image", "save_or_rescue"]
