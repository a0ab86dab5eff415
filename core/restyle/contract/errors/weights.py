"""Networks: not here, not whole, not known."""

from __future__ import annotations

from collections.abc import Sequence

from restyle.contract.errors.base import RestyleError

__all__ = [
    "DownloadFailed",
    "UnknownModel",
    "UnknownWeights",
    "UnusableModel",
    "WeightsDamaged",
    "WeightsError",
    "WeightsUnavailable",
]


class WeightsError(RestyleError):
    """Trained weights that a filter needs cannot be used."""

    code = "weights"


class UnknownWeights(WeightsError):
    """The manifest has no weights of this name."""

    code = "unknown-weights"

    def __init__(self, weights_id: str) -> None:
        super().__init__(f"There are no weights called {weights_id}; `restyle models` lists them all.")


class WeightsUnavailable(WeightsError):
    """The weights are not on this computer; those without a ``url`` come with Restyle."""

    code = "weights-unavailable"

    def __init__(self, weights_id: str, url: str | None = None) -> None:
        super().__init__(
            f"The weights {weights_id} are not on this computer yet; choose Download in the filter's dialog."
            if url
            else f"The weights {weights_id}, which come with Restyle, are missing; install Restyle again."
        )
        self.weights_id = weights_id
        self.command = f"restyle models fetch {weights_id}" if url else ""


class DownloadFailed(WeightsUnavailable):
    """The place where the weights are published cannot be reached, or does not have them."""

    code = "download-failed"

    def __init__(self, weights_id: str, url: str) -> None:
        WeightsError.__init__(
            self, f"{weights_id} did not come from {url}; look after the connection and try again: it goes on where it stopped."
        )
        self.weights_id = weights_id
        self.command = f"restyle models fetch {weights_id}"


class WeightsDamaged(WeightsError):
    """A weights file is not what the manifest says, or holds more than tensors."""

    code = "weights-damaged"

    def __init__(self, path: object, reason: str, advice: str = "delete it and fetch it again") -> None:
        super().__init__(f"The weights file {path} cannot be used ({reason}); {advice}.")
        self.reason = reason


class UnusableModel(WeightsError):
    """A file that somebody wants to use as a model of his own is none that can be used."""

    code = "unusable-model"

    def __init__(self, path: object, reason: str, advice: str = "choose the file as its author published it") -> None:
        super().__init__(f"{path} cannot be used as a model ({reason}); {advice}.")


class UnknownModel(WeightsError):
    """No model has this name."""

    code = "unknown-model"

    def __init__(self, name: str, known: Sequence[str], kind: str = "style", otherwise: str = "import one") -> None:
        advice = f"choose one of {', '.join(known)}" if known else otherwise
        super().__init__(f"There is no {kind} called {name}; {advice}.")
