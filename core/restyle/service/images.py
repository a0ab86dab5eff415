"""ImageStore: the pictures that clients sent and that jobs made, bounded in bytes and in time."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from restyle.contract.errors import BodyTooLarge, UnknownImage

if TYPE_CHECKING:
    from restyle.pictures.image import Image

__all__ = ["BYTES_PER_SAMPLE", "ImageStore", "Pixels", "Room", "StoredImage"]

BYTES_PER_SAMPLE = {"u8": 1, "u16": 2, "f32": 4}
"""Sizes of the wire's sample types; ``restyle.pictures.image`` has them too, but imports PyTorch."""

MAXIMUM_BYTES = 3 << 30
"""All pictures together: four 100 megapixel layers of 16-bit RGBA at once."""

UNUSED_S = 600.0
"""A picture that nobody asks for this long is dropped."""


@dataclass(frozen=True)
class Pixels:
    """The form of a raw picture: interleaved rows, little-endian."""

    width: int
    height: int
    channels: int
    dtype: str

    @property
    def size_bytes(self) -> int:
        """Length of the raw picture."""
        return self.width * self.height * self.channels * BYTES_PER_SAMPLE[self.dtype]


@dataclass(eq=False)
class StoredImage:
    """A picture in the store: raw as it came, or an Image that a job made. Read-only once stored."""

    form: Pixels
    content: bytearray | Image
    owned: bool = False
    """Owned by a job, which decides when it goes."""
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    used_at: float = 0.0
    holders: int = 0
    is_listed: bool = True

    @property
    def size_bytes(self) -> int:
        """Memory that the picture takes."""
        if isinstance(self.content, bytearray):
            return len(self.content)
        alpha = self.content.alpha
        return self.content.pixels.nbytes + (alpha.nbytes if alpha is not None else 0)

    def as_image(self) -> Image:
        """The picture as the core's Image; raises InvalidImage. Imports PyTorch: for the worker and for threads."""
        if not isinstance(self.content, bytearray):
            return self.content
        from restyle.pictures.image import Image

        form = self.form
        return Image.from_bytes(self.content, form.width, form.height, channels=form.channels, dtype=form.dtype)

    def as_bytes(self, channels: int | None = None, dtype: str | None = None) -> bytes | bytearray:
        """The picture in the form asked for, or in its own; raises InvalidImage. May import PyTorch and take a while."""
        channels, dtype = channels or self.form.channels, dtype or self.form.dtype
        if isinstance(self.content, bytearray) and (channels, dtype) == (self.form.channels, self.form.dtype):
            return self.content
        return self.as_image().to_bytes(channels=channels, dtype=dtype)


@dataclass(eq=False)
class Room:
    """Memory set aside for a picture on its way; nothing once the picture is stored."""

    size_bytes: int = 0


class ImageStore:
    """Pictures by unguessable ids. Safe to use from several threads."""

    def __init__(self, maximum_bytes: int = MAXIMUM_BYTES, clock: Callable[[], float] = time.monotonic) -> None:
        self._maximum_bytes = maximum_bytes
        self._clock = clock
        self._lock = threading.Lock()
        self._images: dict[str, StoredImage] = {}
        self._reserved_bytes = 0

    @property
    def size_bytes(self) -> int:
        """Memory taken by pictures, those still on their way included."""
        with self._lock:
            return self._size_bytes()

    @property
    def is_full(self) -> bool:
        """Whether pictures take more than they may; results are kept first and make room afterwards."""
        return self.size_bytes > self._maximum_bytes

    @contextmanager
    def room_for(self, size_bytes: int) -> Iterator[Room]:
        """Set memory aside while a picture arrives; raises BodyTooLarge when there is too little."""
        with self._lock:
            if self._size_bytes() + size_bytes > self._maximum_bytes:
                raise BodyTooLarge
            self._reserved_bytes += size_bytes
        room = Room(size_bytes)
        try:
            yield room
        finally:
            with self._lock:
                self._give_back(room)

    def add_upload(self, form: Pixels, raw: bytearray, room: Room | None = None) -> StoredImage:
        """Keep a picture that came from a client, in the room set aside for it."""
        return self._add(StoredImage(form, raw), room)

    def add_result(self, image: Image) -> StoredImage:
        """Keep a picture that a job made, until the job drops it."""
        form = Pixels(image.width, image.height, 3 if image.alpha is None else 4, "u8")
        return self._add(StoredImage(form, image, owned=True))

    def get(self, image_id: str) -> StoredImage:
        """The picture; raises UnknownImage."""
        with self._lock:
            return self._use(image_id)

    def hold(self, image_id: str) -> StoredImage:
        """The picture, kept in memory until ``release`` even if its id is dropped meanwhile; raises UnknownImage."""
        with self._lock:
            stored = self._use(image_id)
            stored.holders += 1
            return stored

    def release(self, stored: StoredImage) -> None:
        """End one ``hold``."""
        with self._lock:
            stored.holders -= 1
            stored.used_at = self._clock()
            self._forget_if_free(stored)

    @contextmanager
    def held(self, image_id: str) -> Iterator[StoredImage]:
        """``hold`` until the end of a block; raises UnknownImage."""
        stored = self.hold(image_id)
        try:
            yield stored
        finally:
            self.release(stored)

    def drop(self, image_id: str | None) -> None:
        """Forget the id, if it is known."""
        with self._lock:
            stored = self._images.get(image_id or "")
            if stored is not None:
                stored.is_listed = False
                self._forget_if_free(stored)

    def expire(self) -> None:
        """Drop the uploads that nobody used for a while."""
        with self._lock:
            oldest = self._clock() - UNUSED_S
            for stored in list(self._images.values()):
                if not stored.owned and not stored.holders and stored.used_at < oldest:
                    del self._images[stored.id]

    def _add(self, stored: StoredImage, room: Room | None = None) -> StoredImage:
        with self._lock:
            if room is not None:
                self._give_back(room)
            stored.used_at = self._clock()
            self._images[stored.id] = stored
        return stored

    def _give_back(self, room: Room) -> None:
        self._reserved_bytes -= room.size_bytes
        room.size_bytes = 0

    def _use(self, image_id: str) -> StoredImage:
        stored = self._images.get(image_id)
        if stored is None or not stored.is_listed:
            raise UnknownImage
        stored.used_at = self._clock()
        return stored

    def _forget_if_free(self, stored: StoredImage) -> None:
        if not stored.is_listed and not stored.holders:
            self._images.pop(stored.id, None)

    def _size_bytes(self) -> int:
        return self._reserved_bytes + sum(stored.size_bytes for stored in self._images.values())
