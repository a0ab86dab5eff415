"""The matting Laplacian against the sparse matrix of the papers, built here entry by entry."""

import numpy as np
import pytest
import scipy.sparse
import torch

from restyle.pictures.matting import EPSILON, MattingLaplacian

WINDOW = 3


def sparse_laplacian(photo: torch.Tensor, epsilon: float) -> scipy.sparse.csr_matrix:
    """Levin, Lischinski and Weiss 2006, equation 12, summed over windows as their own program does."""
    colors = photo[0].permute(1, 2, 0).double().numpy()
    height, width = colors.shape[:2]
    indices = np.arange(height * width).reshape(height, width)
    rows, columns, values = [], [], []
    for top in range(height - WINDOW + 1):
        for left in range(width - WINDOW + 1):
            window = indices[top : top + WINDOW, left : left + WINDOW].ravel()
            inside = colors[top : top + WINDOW, left : left + WINDOW].reshape(-1, 3)
            centred = inside - inside.mean(0)
            covariance = centred.T @ centred / len(window) + epsilon / len(window) * np.eye(3)
            affinity = (1 + centred @ np.linalg.solve(covariance, centred.T)) / len(window)
            rows.append(np.repeat(window, len(window)))
            columns.append(np.tile(window, len(window)))
            values.append((np.eye(len(window)) - affinity).ravel())
    entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    return scipy.sparse.coo_matrix(entries, shape=(indices.size, indices.size)).tocsr()


def smooth_photo(height: int, width: int) -> torch.Tensor:
    """Colours with edges, slopes, a flat part, and a little noise: windows of every rank."""
    generator = torch.Generator().manual_seed(1)
    down, across = torch.meshgrid(torch.linspace(0, 1, height), torch.linspace(0, 1, width), indexing="ij")
    photo = torch.stack((down, across, (down > 0.5).float()))
    photo[:, : height // 3] += 0.02 * torch.randn(3, height // 3, width, generator=generator)
    photo[:, -2:, :4] = 0.5
    return photo.clamp(0, 1).unsqueeze(0)


@pytest.mark.parametrize(("height", "width"), [(3, 3), (3, 9), (11, 4), (17, 23), (40, 13)])
def test_the_operator_is_the_sparse_matrix(height: int, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("restyle.pictures.matting.BAND_PIXELS", 8 * width)
    photo = smooth_photo(height, width)
    matrix = sparse_laplacian(photo, EPSILON)
    maps = torch.randn(1, 2, height, width, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    expected = np.stack([matrix @ channel.ravel() for channel in maps[0].numpy()]).reshape(2, height, width)
    # Nearly flat windows have inverses of 1e8; two ways to the same inverse then agree to eight digits.
    np.testing.assert_allclose(MattingLaplacian(photo).apply(maps)[0].numpy(), expected, atol=1e-6)


def test_the_gradient_of_the_energy_is_twice_the_product() -> None:
    laplacian = MattingLaplacian(smooth_photo(12, 14))
    maps = torch.rand(1, 3, 12, 14, generator=torch.Generator().manual_seed(0), requires_grad=True)
    energy = laplacian.energy(maps)
    energy.backward()
    product = laplacian.apply(maps.detach())
    torch.testing.assert_close(maps.grad, 2 * product)
    torch.testing.assert_close(energy.detach(), (maps.detach() * product).sum())


def test_an_affine_change_of_colour_costs_next_to_nothing() -> None:
    photo = smooth_photo(20, 20)
    laplacian = MattingLaplacian(photo)
    matrix = torch.tensor([[0.5, 0.2, 0.1], [0.0, 0.9, 0.3], [-0.4, 0.1, 1.2]])
    recoloured = torch.einsum("dc,nchw->ndhw", matrix, photo) + 0.1
    bent = recoloured.clone()
    bent[:, :, 10] = 1.0
    assert laplacian.energy(recoloured) < 1e-4 * laplacian.energy(bent)


def test_a_flat_photo_lets_only_flat_maps_pass() -> None:
    laplacian = MattingLaplacian(torch.full((1, 3, 8, 8), 0.3))
    assert laplacian.apply(torch.full((1, 1, 8, 8), 0.7)).abs().max() < 1e-6
    assert laplacian.energy(torch.rand(1, 1, 8, 8, generator=torch.Generator().manual_seed(0))) > 1
