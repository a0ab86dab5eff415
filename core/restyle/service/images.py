"""ImageStore: the pictures that clients sent and that jobs made, bounded in bytes and in time.

An upload's id is the hash of its form and content, so that equal ones are kept once, however many jobs, previews or layers of
one client or another send them. Each sender has a claim; the picture goes with the last.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from restyle.contract.errors import BodyTooLarge, QuotaExceeded, UnknownImage
from restyle.contract.sentence import said
from restyle.service.users import HERE

if TYPE_CHECKING:
    from restyle.pictures.image import Image

__all__ = ["BYTES_PER_SAMPLE", "Arrival", "ImageStore", "Pixels", "StoredImage"]

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

    @property
    def heading(self) -> bytes:
        """What is hashed before the raw picture; clients that claim what they did not send hash the same."""
        return f"{self.width} {self.height} {self.channels} {self.dtype}\n".encode()


@dataclass(eq=False)
class StoredImage:
    """A picture in the store: raw as it came, or an Image that a job made. Read-only once stored."""

    form: Pixels
    content: bytearray | Image
    owned: bool = False
    """Owned by a job, which decides when it goes."""
    user: str = HERE
    """The member whose share of the memory it takes."""
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    used_at: float = 0.0
    holders: int = 0
    claims: int = 1
    """Who may still name it: its id is known while there are any."""

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

    def as_small_bytes(self, most_px: int) -> tuple[int, int, bytes | bytearray]:
        """(width, height, 8-bit RGB) of the picture, its longer side at most ``most_px``, 0 for as it is. May take a while."""
        longer = max(self.form.width, self.form.height)
        if not 0 < most_px < longer:
            return self.form.width, self.form.height, self.as_bytes(3, "u8")
        from restyle.pictures.image import Image
        from restyle.pictures.resizing import resized

        height, width = (max(1, round(side * most_px / longer)) for side in (self.form.height, self.form.width))
        small = Image(resized(self.as_image().pixels, height, width).clamp(0, 1))
        return width, height, small.to_bytes(channels=3, dtype="u8")


class Arrival:
    """A picture on its way. It takes memory as its bytes come, whatever was announced, and is hashed meanwhile."""

    def __init__(self, form: Pixels, count: Callable[[int], None], user: str = HERE) -> None:
        self.form = form
        self.user = user
        self.raw = bytearray()
        self._count = count
        # A member's pictures are his: others, who could guess what is in them, name them in vain.
        self._hash = hashlib.sha256(f"{user}\0".encode() + form.heading if user != HERE else form.heading)

    def add(self, chunk: bytes) -> None:
        """Append what came; raises BodyTooLarge where there is no memory for it."""
        self._count(len(chunk))
        self._hash.update(chunk)
        self.raw += chunk

    @property
    def id(self) -> str:
        """The hash of form and content so far, as hexadecimal SHA-256."""
        return self._hash.hexdigest()


class ImageStore:
    """Pictures by ids. Safe to use from several threads. To a ``user``, where one is named, no other's are known."""

    def __init__(
        self,
        maximum_bytes: int = MAXIMUM_BYTES,
        clock: Callable[[], float] = time.monotonic,
        most_of_a_member: int = MAXIMUM_BYTES,
    ) -> None:
        self._maximum_bytes = maximum_bytes
        self._most_of_a_member = most_of_a_member
        self._clock = clock
        self._lock = threading.Lock()
        self._images: dict[str, StoredImage] = {}
        self._arriving_bytes: Counter[str] = Counter()

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
    def arrival(self, form: Pixels, user: str = HERE) -> Iterator[Arrival]:
        """A picture on its way, to be kept by ``add_upload`` within the block.

        Raises BodyTooLarge when it cannot have room, QuotaExceeded when all of a member's cannot have it.
        """
        arriving = 0

        def count(size_bytes: int) -> None:
            nonlocal arriving
            with self._lock:
                self._check_room(size_bytes, user)
                self._arriving_bytes[user] += size_bytes
                arriving += size_bytes

        with self._lock:
            self._check_room(form.size_bytes, user)
        try:
            yield Arrival(form, count, user)
        finally:
            with self._lock:
                self._arriving_bytes[user] -= arriving

    def add_upload(self, arrival: Arrival) -> StoredImage:
        """Keep a picture that came from a client, or give its sender a claim to the equal one that is here already."""
        with self._lock:
            stored = self._images.get(arrival.id)
            if stored is None:
                stored = StoredImage(arrival.form, arrival.raw, user=arrival.user, id=arrival.id, claims=0)
                self._images[arrival.id] = stored
            stored.claims += 1
            stored.used_at = self._clock()
            return stored

    def claim(self, image_id: str, user: str | None = None) -> StoredImage:
        """One more claim to an upload, without sending it again; raises UnknownImage where it is not here (any more)."""
        with self._lock:
            stored = self._use(image_id, user)
            if stored.owned:
                raise UnknownImage
            stored.claims += 1
            return stored

    def add_result(self, image: Image, user: str = HERE) -> StoredImage:
        """Keep a picture that a job of a user's made, until the job drops it."""
        form = Pixels(image.width, image.height, 3 if image.alpha is None else 4, "u8")
        stored = StoredImage(form, image, owned=True, user=user, used_at=self._clock())
        with self._lock:
            self._images[stored.id] = stored
        return stored

    def get(self, image_id: str) -> StoredImage:
        """The picture; raises UnknownImage."""
        with self._lock:
            return self._use(image_id)

    def hold(self, image_id: str, user: str | None = None) -> StoredImage:
        """The picture, kept in memory until ``release`` even if its id is dropped meanwhile; raises UnknownImage."""
        with self._lock:
            stored = self._use(image_id, user)
            stored.holders += 1
            return stored

    def release(self, stored: StoredImage) -> None:
        """End one ``hold``."""
        with self._lock:
            stored.holders -= 1
            stored.used_at = self._clock()
            self._forget_if_free(stored)

    @contextmanager
    def held(self, image_id: str, user: str | None = None) -> Iterator[StoredImage]:
        """``hold`` until the end of a block; raises UnknownImage."""
        stored = self.hold(image_id, user)
        try:
            yield stored
        finally:
            self.release(stored)

    def drop(self, image_id: str | None, user: str | None = None) -> None:
        """Give one claim back, if the id is known; the picture goes with the last."""
        with self._lock:
            stored = self._images.get(image_id or "")
            if stored is not None and user in (None, stored.user):
                stored.claims = max(stored.claims - 1, 0)
                self._forget_if_free(stored)

    def expire(self) -> None:
        """Drop the uploads that nobody used for a while."""
        with self._lock:
            oldest = self._clock() - UNUSED_S
            for stored in list(self._images.values()):
                if not stored.owned and not stored.holders and stored.used_at < oldest:
                    del self._images[stored.id]

    def _use(self, image_id: str, user: str | None = None) -> StoredImage:
        stored = self._images.get(image_id)
        if stored is None or not stored.claims or user not in (None, stored.user):
            raise UnknownImage
        stored.used_at = self._clock()
        return stored

    def _forget_if_free(self, stored: StoredImage) -> None:
        if not stored.claims and not stored.holders:
            self._images.pop(stored.id, None)

    def _check_room(self, size_bytes: int, user: str) -> None:
        if self._size_bytes() + size_bytes > self._maximum_bytes:
            raise BodyTooLarge
        if user != HERE and self._size_bytes(user) + size_bytes > self._most_of_a_member:
            raise QuotaExceeded(said("{size} MB of pictures", size=self._most_of_a_member >> 20))

    def _size_bytes(self, user: str | None = None) -> int:
        kept = sum(stored.size_bytes for stored in self._images.values() if user in (None, stored.user))
        return kept + (self._arriving_bytes.total() if user is None else self._arriving_bytes[user])
