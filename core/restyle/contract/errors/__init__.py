"""Every error that Restyle raises on purpose, as one tree.

    RestyleError
    ├── Cancelled
    ├── InvalidInput
    │   ├── InvalidParameter
    │   ├── InvalidImage
    │   │   ├── UnreadableImage
    │   │   └── ImageTooLarge
    │   ├── MissingInput
    │   └── UnusableInvitation
    ├── UnknownFilter
    ├── WeightsError
    │   ├── UnknownWeights
    │   ├── WeightsUnavailable
    │   │   └── DownloadFailed
    │   ├── WeightsDamaged
    │   ├── UnusableModel
    │   └── UnknownModel
    ├── MissingLibrary
    ├── DeviceUnavailable
    ├── OutOfMemory
    ├── NotFinite
    ├── OutputUnwritable
    │   └── PaintingRescued
    ├── HomeUnusable
    ├── SystemRefused
    ├── TrainingInProgress
    └── ServerError
        ├── Unauthorized
        ├── UnknownImage
        ├── UnknownJob
        ├── BodyTooLarge
        ├── TooManyJobs
        ├── QuotaExceeded
        ├── NotAllowed
        ├── ServerBusy
        ├── ServerLeaving
        ├── ServerStopped
        ├── ServerUnreachable
        ├── Refused
        └── InternalError

``code`` is stable: programs and translations may rely on it. ``str(error)`` is one sentence for the person
at the screen, and says what to do.
"""

from restyle.contract.errors.base import Cancelled, RestyleError
from restyle.contract.errors.inputs import (
    ImageTooLarge,
    InvalidImage,
    InvalidInput,
    InvalidParameter,
    MissingInput,
    UnknownFilter,
    UnreadableImage,
    UnusableInvitation,
)
from restyle.contract.errors.machine import (
    DeviceUnavailable,
    HomeUnusable,
    MissingLibrary,
    NotFinite,
    OutOfMemory,
    OutputUnwritable,
    PaintingRescued,
    SystemRefused,
    TrainingInProgress,
)
from restyle.contract.errors.server import (
    BodyTooLarge,
    InternalError,
    NotAllowed,
    QuotaExceeded,
    Refused,
    ServerBusy,
    ServerError,
    ServerLeaving,
    ServerStopped,
    ServerUnreachable,
    TooManyJobs,
    Unauthorized,
    UnknownImage,
    UnknownJob,
)
from restyle.contract.errors.weights import (
    DownloadFailed,
    UnknownModel,
    UnknownWeights,
    UnusableModel,
    WeightsDamaged,
    WeightsError,
    WeightsUnavailable,
)

__all__ = [
    "BodyTooLarge",
    "Cancelled",
    "DeviceUnavailable",
    "DownloadFailed",
    "HomeUnusable",
    "ImageTooLarge",
    "InternalError",
    "InvalidImage",
    "InvalidInput",
    "InvalidParameter",
    "MissingInput",
    "MissingLibrary",
    "NotAllowed",
    "NotFinite",
    "OutOfMemory",
    "OutputUnwritable",
    "PaintingRescued",
    "QuotaExceeded",
    "Refused",
    "RestyleError",
    "ServerBusy",
    "ServerError",
    "ServerLeaving",
    "ServerStopped",
    "ServerUnreachable",
    "SystemRefused",
    "TooManyJobs",
    "TrainingInProgress",
    "Unauthorized",
    "UnknownFilter",
    "UnknownImage",
    "UnknownJob",
    "UnknownModel",
    "UnknownWeights",
    "UnreadableImage",
    "UnusableInvitation",
    "UnusableModel",
    "WeightsDamaged",
    "WeightsError",
    "WeightsUnavailable",
]
