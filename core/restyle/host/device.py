"""Device: where networks run, in which precision and memory format, and how much memory they may take.

No other module asks for hardware. What the computer has is probed into ``Hardware``; what is made of it is a pure
choice.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from restyle.contract.errors import DeviceUnavailable, InvalidParameter
from restyle.contract.sentence import said
from restyle.host.memory import available_memory_bytes
from restyle.host.preferences import read_preferences
from restyle.host.threads import usable_processors

__all__ = [
    "Device",
    "Hardware",
    "free_caches",
    "is_out_of_memory",
    "pick_device",
    "probe_hardware",
    "settled_device",
]

_ORDER = ("cuda", "mps", "xpu", "cpu")
"""What auto takes first."""

_MEMORY_SHARE = 0.8
"""Part of the free memory that is planned with; the rest is for fragmentation and for other programs."""

_BF16_CPU_FEATURES = ("avx512_bf16", "amx_bf16")
"""CPU features with which oneDNN multiplies bfloat16 natively; without them it converts back and forth and loses time.
ARM's bf16 is left out until somebody has measured its gradients."""

_OUT_OF_MEMORY_TEXTS = (
    "not enough memory",
    "can't allocate memory",
    "out of memory",
    "bad_alloc",
    "alloc_failed",
    "out_of_device_memory",
)
"""How PyTorch's allocators (CPU on Windows and Linux, MPS, C++, cuDNN, SYCL) put it; only CUDA has a class of its
own."""


@dataclass(frozen=True)
class Hardware:
    """Facts about this computer: for each usable device the reduced precisions that pay there."""

    reduced: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Device:
    """Where and how networks compute.

    ``precision`` is the dtype of weights and feature maps; sums (Gram matrices, losses) stay in float32.
    ``memory_budget_bytes`` is what the work may take, measured when the device was picked.
    """

    torch_device: torch.device
    precision: torch.dtype
    memory_format: torch.memory_format
    memory_budget_bytes: int
    name: str

    def shared(self, share: float) -> Device:
        """The same where others work beside it, and ``share`` (0..1) of the free memory is its own."""
        return replace(self, memory_budget_bytes=int(self.memory_budget_bytes * share))


def probe_hardware() -> Hardware:
    """Ask PyTorch which devices are usable and which reduced precisions they compute natively, the best first."""
    reduced: dict[str, tuple[str, ...]] = {"cpu": ("bfloat16",) if _cpu_has_bfloat16() else ()}
    if torch.cuda.is_available():
        has_bfloat16 = torch.cuda.is_bf16_supported(including_emulation=False)
        reduced["cuda"] = ("bfloat16", "float16") if has_bfloat16 else ("float16",)
    if torch.backends.mps.is_available():
        reduced["mps"] = ("float16",)
    if torch.xpu.is_available():
        reduced["xpu"] = ("bfloat16", "float16")
    return Hardware(reduced)


def pick_device(device: str = "auto", precision: str = "auto", hardware: Hardware | None = None) -> Device:
    """Choose among what the computer has (``device`` and ``precision`` are words of `restyle.host.preferences`).

    Auto precision is bfloat16 where the device computes it natively, else float32: it has float32's range, which
    squared features need; float16 is taken on request only, since gradients of Gram losses may underflow in it.
    Raises DeviceUnavailable, InvalidParameter.
    """
    facts = hardware or probe_hardware()
    kind = next(name for name in _ORDER if name in facts.reduced) if device == "auto" else device
    if kind not in facts.reduced:
        raise DeviceUnavailable(device)
    torch_device = torch.device(kind, 0) if kind in ("cuda", "xpu") else torch.device(kind)
    if kind == "cpu":
        _limit_threads()
    return Device(
        torch_device=torch_device,
        precision=getattr(torch, _pick_precision(precision, facts.reduced[kind], kind)),
        # Channels-last is what convolutions of oneDNN and cuDNN are fastest in (2.2 x on this project's CPUs); MPS
        # gains nothing by it.
        memory_format=torch.contiguous_format if kind == "mps" else torch.channels_last,
        memory_budget_bytes=int(_free_bytes(torch_device) * _MEMORY_SHARE) if hardware is None else 0,
        name=str(torch_device),
    )


def settled_device(home: Path, device: str = "auto", precision: str = "auto", hardware: Hardware | None = None) -> Device:
    """`pick_device`, where nothing is asked for as the user has settled it, with no more memory than he allows."""
    settled = read_preferences(home)
    picked = pick_device(settled.device if device == "auto" else device, precision, hardware)
    most = int(settled.memory_gb * 2**30)
    return replace(picked, memory_budget_bytes=min(picked.memory_budget_bytes, most)) if most else picked


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an allocation failed, on whichever device."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and any(part in text for part in _OUT_OF_MEMORY_TEXTS)


def free_caches() -> None:
    """Give back what PyTorch keeps for reuse, before less is tried."""
    gc.collect()
    for backend in (torch.cuda, torch.xpu):
        if backend.is_available():
            backend.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()


def _pick_precision(precision: str, reduced: tuple[str, ...], kind: str) -> str:
    if precision == "auto":
        return "bfloat16" if "bfloat16" in reduced else "float32"
    if precision not in ("float32", *reduced):
        allowed = ", ".join(("auto", "float32", *reduced))
        raise InvalidParameter(
            "precision",
            said(
                "this computer's {kind} has no fast {precision}, choose one of {allowed}",
                kind=kind,
                precision=precision,
                allowed=allowed,
            ),
        )
    return precision


def _cpu_has_bfloat16() -> bool:
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return False
    features = torch.cpu.get_capabilities()
    # oneDNN may have been told to leave out what the CPU can (ONEDNN_MAX_CPU_ISA); bfloat16 then takes seven times as long.
    is_used = bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return is_used and any(features.get(name, False) for name in _BF16_CPU_FEATURES)


def _free_bytes(device: torch.device) -> int:
    """Memory that new tensors can take on ``device`` now."""
    if device.type == "cuda":
        # PyTorch's own cache counts as used for the driver, but is free for new tensors.
        return torch.cuda.mem_get_info(device)[0] + torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    if device.type == "xpu":
        return torch.xpu.mem_get_info(device)[0] + torch.xpu.memory_reserved(device) - torch.xpu.memory_allocated(device)
    if device.type == "mps":
        return torch.mps.recommended_max_memory() - torch.mps.current_allocated_memory()
    return available_memory_bytes()


def _limit_threads() -> None:
    """Use no more threads than this process has processors; PyTorch counts the machine's, which in a container are
    more."""
    usable = usable_processors()
    if torch.get_num_threads() > usable:
        torch.set_num_threads(usable)
