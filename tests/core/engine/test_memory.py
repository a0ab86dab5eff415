"""Where memory does not suffice, work is done again at half the size, and one sentence says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from tests.core.engine.declared import MODULE, PlainParams, SizedParams, declare
from tests.loading import inputs_of

from restyle.context import Context
from restyle.contract.errors import OutOfMemory
from restyle.contract.filter import Needs
from restyle.contract.settings import CONTENT
from restyle.engine.run import run
from restyle.pictures.image import Image


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:1] err == 0. DefaultCPUAllocator: can't allocate memory: you tried"),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 123 bytes."),
        RuntimeError("MPS backend out of memory"),
    ],
)
def test_out_of_memory_is_tried_again_at_half_the_size_and_said(install, context, error):
    sizes = []

    def method(inputs, params, context):
        sizes.append(params.working_size)
        if params.working_size > 300:
            raise error
        return inputs[CONTENT]

    install(method)
    run(declare(), inputs_of(Image(torch.rand(1, 3, 40, 40))), SizedParams(), context)
    assert sizes == [1024, 512, 256]
    assert context.progress.notes == ["There was too little memory for 1024 px, so this was painted at 256 px."]


def test_memory_that_never_suffices_ends_in_one_sentence_after_the_least_size(install, context):
    sizes = []

    def method(inputs, params, context):
        sizes.append(params.working_size)
        raise MemoryError

    install(method)
    with pytest.raises(OutOfMemory, match="too little free memory"):
        run(declare(), inputs_of(Image(torch.rand(1, 3, 40, 40))), SizedParams(working_size=200), context)
    assert sizes == [200, 100, 64]
    assert context.progress.notes == []


def test_a_filter_without_a_working_size_runs_out_of_memory_at_once(install, context):
    def method(inputs, params, context):
        raise MemoryError

    install(method)
    with pytest.raises(OutOfMemory):
        run(declare(PlainParams), inputs_of(Image(torch.rand(1, 3, 40, 40))), PlainParams(), context)


def test_a_real_allocation_that_is_too_large_is_recognised(install, context):
    def method(inputs, params, context):
        if params.working_size > 64:
            # More bytes than an address space has: no machine grants them.
            torch.empty(1 << 60, dtype=torch.uint8)
        return inputs[CONTENT]

    install(method)
    run(declare(), inputs_of(Image(torch.rand(1, 3, 40, 40))), SizedParams(), context)
    assert context.progress.notes


def test_work_that_will_not_fit_is_made_smaller_beforehand(install, context):
    sizes = []
    install(
        lambda inputs, params, context: sizes.append(params.working_size) or inputs[CONTENT],
        estimate=lambda inputs, params, context: params.working_size**2,
    )
    small = Context(replace(context.device, memory_budget_bytes=300_000), context.progress)
    needs = Needs(memory=f"{MODULE}:estimate")
    run(declare(needs=needs), inputs_of(Image(torch.rand(1, 3, 40, 40))), SizedParams(), small)
    assert sizes == [512]
    assert "painted at 512 px" in context.progress.notes[0]
