"""CRC-32C (Castagnoli), as TensorFlow's and LevelDB's files carry it: vectorised, for there are megabytes to check.

The checksum is linear: the data is cut into lanes of equal length, all lanes advance together byte by byte, and the lanes'
checksums are joined by an operator that stands for "as many zero bytes as a lane has".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["crc32c", "masked"]

_POLYNOMIAL = 0x82F63B78  # Castagnoli's, bits reversed
_MASK_DELTA = 0xA282EAD8  # LevelDB's: a checksum that lies in data under a checksum is changed by a rotation and this
_LANES_FROM_BYTES = 4096  # below, one lane is as fast

Words = NDArray[np.uint32]


def crc32c(data: bytes) -> int:
    """The checksum of ``data``."""
    lane_bytes = max(1, int(len(data) ** 0.5)) if len(data) >= _LANES_FROM_BYTES else len(data)
    lanes = len(data) // lane_bytes if lane_bytes else 0
    whole = np.frombuffer(data, np.uint8, lanes * lane_bytes).reshape(lanes, lane_bytes)
    table = _table()
    state = np.zeros(lanes, np.uint32)
    for column in np.ascontiguousarray(whole.T):
        state = table[(state ^ column) & 0xFF] ^ (state >> np.uint32(8))
    joined = _joined(state.tolist(), _zeros_operator(lane_bytes, table), 0xFFFFFFFF)
    for byte in data[lanes * lane_bytes :]:
        joined = int(table[(joined ^ byte) & 0xFF]) ^ (joined >> 8)
    return joined ^ 0xFFFFFFFF


def masked(crc: int) -> int:
    """The form in which LevelDB and TensorFlow store a checksum."""
    return (((crc >> 15) | (crc << 17)) + _MASK_DELTA) & 0xFFFFFFFF


def _table() -> Words:
    """What eight shifts make of each byte."""
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> np.uint32(1)) ^ np.uint32(_POLYNOMIAL), table >> np.uint32(1))
    return table.astype(np.uint32)


def _zeros_operator(count: int, table: Words) -> list[list[int]]:
    """What ``count`` zero bytes make of each of a state's four bytes; they are joined by exclusive or."""
    basis = np.uint32(1) << np.arange(32, dtype=np.uint32)
    for _ in range(count):
        basis = table[basis & 0xFF] ^ (basis >> np.uint32(8))
    operator = []
    for first in range(0, 32, 8):
        column = np.zeros(256, np.uint32)
        for bit in range(8):
            column ^= np.where(np.arange(256) >> bit & 1, basis[first + bit], np.uint32(0)).astype(np.uint32)
        operator.append([int(item) for item in column])
    return operator


def _joined(lanes: list[int], operator: list[list[int]], state: int) -> int:
    """The state after all lanes, each of which began with zero."""
    low, second, third, high = operator
    for lane in lanes:
        state = low[state & 0xFF] ^ second[state >> 8 & 0xFF] ^ third[state >> 16 & 0xFF] ^ high[state >> 24] ^ lane
    return state
