"""The networks that see heads: where they are published, and what their files must be.

Head Portrait works without them, less surely.

The hashes were taken from the files themselves.
"""

from __future__ import annotations

from restyle.models.entries import PublishedFile, WeightsEntry

__all__ = ["FACES", "LANDMARKS", "MATTE", "WEIGHTS"]

FACES, LANDMARKS, MATTE = "head-portrait-faces", "head-portrait-landmarks", "head-portrait-matte"

WEIGHTS: tuple[WeightsEntry, ...] = (
    WeightsEntry(
        id=FACES,
        title="Head Portrait: finds faces",
        filename="head_portrait_faces.safetensors",
        licence="Apache-2.0",
        source="MediaPipe, BlazeFace (Bazarevsky et al. 2019), short range",
        files=(
            PublishedFile(
                "https://storage.googleapis.com/mediapipe-assets/face_detection_short_range.tflite",
                sha256="bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
                size_bytes=229_714,
            ),
        ),
    ),
    WeightsEntry(
        id=LANDMARKS,
        title="Head Portrait: finds eyes, nose, mouth",
        filename="head_portrait_landmarks.safetensors",
        licence="MIT",
        source="thepowerfuldeez/facemesh.pytorch, after MediaPipe's face mesh (Kartynnik et al. 2019)",
        files=(
            PublishedFile(
                "https://raw.githubusercontent.com/thepowerfuldeez/facemesh.pytorch/"
                "14fa0269f56d880708b8e89ce66a70efa402be24/facemesh.pth",
                sha256="a8395f8a89b15cabdd2e97df1c66280de4697a5484ebe03936c2e36e90a0a25a",
                size_bytes=2_440_411,
            ),
        ),
    ),
    WeightsEntry(
        id=MATTE,
        title="Head Portrait: tells people from what is behind them",
        filename="head_portrait_matte.safetensors",
        licence="MIT",
        source="anilsathyan7/Portrait-Segmentation, slim_reshape_v2",
        files=(
            PublishedFile(
                "https://raw.githubusercontent.com/anilsathyan7/Portrait-Segmentation/"
                "a20c40a15ae923e3fa4fd246eea42ec20a6502ad/models/slim_seg_512/slim_reshape_v2.tflite",
                sha256="7e258fac7c83b2698aa4d4c90d3a97eb65ad3e9c27dc283bed304b3c2dfef9a3",
                size_bytes=1_461_656,
            ),
        ),
    ),
)
