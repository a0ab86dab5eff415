"""The HTTP API's routes for published models: which are here, and how others come.

Whoever may use the server may have it download: only what is published and known by its hash ever comes.
"""

from typing import Annotated

from fastapi import FastAPI, Response
from fastapi import Path as InPath

from restyle.service.downloads import Downloads, ModelStatus
from restyle.service.problems import problem_responses
from restyle.service.wire import MAXIMUM_ID_LENGTH

__all__ = ["add_model_routes"]

ModelId = Annotated[str, InPath(max_length=MAXIMUM_ID_LENGTH)]


def add_model_routes(app: FastAPI, downloads: Downloads) -> None:
    """Add them. They are no coroutines: looking for files may take a moment."""

    @app.get("/v1/models/{model_id}", responses=problem_responses(404, 422))
    def model(model_id: ModelId) -> ModelStatus:
        """Whether a published model is here, on its way, or away; asking keeps its download going."""
        return downloads.status(model_id)

    @app.post("/v1/models/{model_id}/download", status_code=202, responses=problem_responses(404, 422))
    def begin(model_id: ModelId) -> ModelStatus:
        """Fetch a published model unless it is here; goes on where an earlier download stopped."""
        return downloads.begin(model_id)

    @app.delete("/v1/models/{model_id}/download", status_code=204, response_class=Response, responses=problem_responses(404, 422))
    def leave(model_id: ModelId) -> None:
        """End a download, if there is one; what came stays."""
        downloads.leave(model_id)
