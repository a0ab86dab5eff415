"""What a long life costs in kernels is bounded, unless the user says otherwise."""

from restyle.host.kernels import CAPACITIES, bound_kernel_caches


def test_caches_are_bounded_unless_the_user_chose_himself():
    environ = {"LRU_CACHE_CAPACITY": "7"}
    bound_kernel_caches(environ)
    assert environ == {**CAPACITIES, "LRU_CACHE_CAPACITY": "7"}
