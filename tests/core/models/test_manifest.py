"""What is known of weights: where they are published, and by what they are recognised."""

from __future__ import annotations

from restyle.models.manifest import known_weights


def test_the_published_file_of_vgg19_is_the_one_that_torchvision_names():
    entry = known_weights()["vgg19"]
    assert entry.url is not None
    assert entry.url.endswith(f"vgg19-{entry.files[0].sha256[:8]}.pth")
    assert len(entry.files[0].sha256) == 64


def test_every_published_file_has_an_address_and_a_hash_unless_nobody_published_one():
    for entry in known_weights().values():
        # Of the generators of CycleGAN their authors published neither hashes nor an address that is encrypted.
        for file in entry.files if entry.form != "domain" else ():
            assert file.url.startswith("https://")
            # Of what torchvision publishes, the first eight digits stand in the name; no more may be known of them.
            is_named_by_it = len(file.sha256) == 8 and file.name.endswith(f"-{file.sha256}.pth")
            assert len(file.sha256) == 64 or is_named_by_it or (not file.sha256 and len(file.sha1) == 40)
            assert file.size_bytes > 0 or is_named_by_it or not file.sha256
    names = [file.name for entry in known_weights().values() for file in entry.files if entry.form == "tensors"]
    assert len(names) == len(set(names))


def test_weights_stand_beside_the_filter_that_uses_them():
    """A filter's folder is all that there is of it."""
    from restyle.filters.enhance.models import WEIGHTS as OF_ENHANCE
    from restyle.models.shared import WEIGHTS as SHARED

    listed = list(known_weights().values())
    assert listed[: len(SHARED)] == list(SHARED)
    assert {"enhancer", "dped-sony"} <= {entry.id for entry in OF_ENHANCE} <= set(known_weights())
    assert len({entry.filename for entry in listed}) == len(listed)
