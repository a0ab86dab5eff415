"""Networks: not here, not whole, not known."""

from __future__ import annotations

from collections.abc import Sequence

from restyle.contract.errors.base import RestyleError
from restyle.contract.sentence import said

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
        super().__init__(
            said("There are no weights called {weights_id}; `restyle models` lists them all.", weights_id=weights_id)
        )


class WeightsUnavailable(WeightsError):
    """The weights are not on this computer; those without a ``url`` come with Restyle."""

    code = "weights-unavailable"

    def __init__(self, weights_id: str, url: str | None = None) -> None:
        super().__init__(
            said(
                "The weights {weights_id} are not on this computer yet; choose Download in the filter's dialog.",
                weights_id=weights_id,
            )
            if url
            else said(
                "The weights {weights_id}, which come with Restyle, are missing; install Restyle again.", weights_id=weights_id
            )
        )
        self.weights_id = weights_id
        self.command = f"restyle models fetch {weights_id}" if url else ""


class DownloadFailed(WeightsUnavailable):
    """The place where the weights are published cannot be reached, or does not have them."""

    code = "download-failed"

    def __init__(self, weights_id: str, url: str) -> None:
        WeightsError.__init__(
            self,
            said(
                "{weights_id} did not come from {url}; look after the connection and try again: it goes on where it stopped.",
                weights_id=weights_id,
                url=url,
            ),
        )
        self.weights_id = weights_id
        self.command = f"restyle models fetch {weights_id}"


class WeightsDamaged(WeightsError):
    """A weights file is not what the manifest says, or holds more than tensors."""

    code = "weights-damaged"

    def __init__(self, path: object, reason: str, advice: str = said("delete it and fetch it again")) -> None:
        super().__init__(
            said("The weights file {path} cannot be used ({reason}); {advice}.", path=path, reason=reason, advice=advice)
        )
        self.reason = reason


class UnusableModel(WeightsError):
    """A file that somebody wants to use as a model of his own is none that can be used."""

    code = "unusable-model"

    def __init__(self, path: object, reason: str, advice: str = said("choose the file as its author published it")) -> None:
        super().__init__(said("{path} cannot be used as a model ({reason}); {advice}.", path=path, reason=reason, advice=advice))


class UnknownModel(WeightsError):
    """No model has this name."""

    code = "unknown-model"

    def __init__(self, name: str, known: Sequence[str], kind: str = said("style"), otherwise: str = said("import one")) -> None:
        advice = said("choose one of {names}", names=", ".join(known)) if known else otherwise
        super().__init__(said("There is no {kind} called {name}; {advice}.", kind=kind, name=name, advice=advice))
