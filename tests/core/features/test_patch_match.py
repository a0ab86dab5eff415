"""PatchMatch: what is there is found, nothing is taken too often, and fields grow with their pictures."""

import torch

from restyle.features.patch_match import Groups, Places, enlarged_field, search, start_field, voted

SIZE = (24, 30)
RADIUS = 2
EVEN = torch.ones(2 * RADIUS + 1, 2 * RADIUS + 1)


def generator():
    return torch.Generator().manual_seed(0)


def one_group(target, source):
    return Groups(torch.zeros(target, dtype=torch.long), torch.zeros(source, dtype=torch.long))


def test_a_part_of_a_picture_is_found_in_it():
    # Smooth, so that a place near the right one is better than one far away.
    maps = torch.nn.functional.avg_pool2d(torch.rand(1, 6, SIZE[0] + 4, SIZE[1] + 4, generator=generator()), 5, 1)[0]
    source = maps.flatten(1).T
    target = maps[:, 5:17, 7:23].flatten(1).T
    groups = one_group(len(target), len(source))
    field = start_field(groups, (12, 16), generator())
    found = search(field, target, source, Places(*SIZE), groups, torch.zeros(len(source)), rounds=6, generator=generator())
    rows, columns = torch.meshgrid(torch.arange(5, 17), torch.arange(7, 23), indexing="ij")
    assert (found == rows * SIZE[1] + columns).float().mean() > 0.9


def test_a_price_spreads_what_is_taken():
    count = SIZE[0] * SIZE[1]
    source = torch.arange(count).view(-1, 1) * 1e-4  # the first place is a little nearer than the next, and so on
    groups, field = one_group(count, count), torch.zeros(SIZE, dtype=torch.long)
    taken = []
    for price in (0.0, 1.0):
        prices = torch.full((count,), price)
        found = search(field, torch.zeros(count, 1), source, Places(*SIZE), groups, prices, rounds=6, generator=generator())
        taken.append(len(found.unique()))
    assert taken[0] == 1
    # All go for the same places at once, so few are taken of those that are free.
    assert taken[1] >= 10


def test_chance_stays_within_a_group_and_takes_any_where_there_is_none():
    groups = Groups(torch.tensor([0, 0, 1, 2]), torch.tensor([1, 0, 1, 0, 0]))
    for seed in range(20):
        drawn = groups.drawn(torch.Generator().manual_seed(seed))
        assert groups.source[drawn[:3]].tolist() == [0, 0, 1]
        assert 0 <= drawn[3] < 5


def test_patches_in_their_own_places_make_the_picture_itself():
    picture = torch.rand(1, 3, *SIZE, generator=generator())
    middles = SIZE[0] - 2 * RADIUS, SIZE[1] - 2 * RADIUS
    field = torch.arange(middles[0] * middles[1]).view(middles)
    torch.testing.assert_close(voted(field, picture, RADIUS, EVEN), picture)


def test_a_field_of_places_in_order_stays_so_when_it_grows():
    before, after = Places(*SIZE), Places(2 * SIZE[0], 2 * SIZE[1])
    field = torch.arange(before.height * before.width).view(SIZE)
    grown = enlarged_field(field, before, (after.height, after.width), after)
    assert torch.equal(grown, torch.arange(after.height * after.width).view(after.height, after.width))
