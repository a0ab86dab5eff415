"""Each kind of input says all about itself; here, what several filters do not ask for yet."""

import argparse

import pytest

from restyle.contract.errors import InvalidInput, MissingInput
from restyle.contract.filter import Filter
from restyle.contract.inputs import Backdrop, Frames, Layer, Mask, Pictures, RegionsInput
from restyle.contract.loaded import Loaded
from restyle.contract.params import Params, number
from restyle.contract.request import Request, check
from restyle.filters import filters

FRAMES = Frames("frames", "Frames", "Pictures in order.", minimum=2)


def a_filter(*inputs, params=Params, **changes):
    named = {"id": "f", "title": "F", "menu_label": "F", "summary": "", "paper": "", "method": "m:f"}
    return Filter(menu_place=1, inputs=inputs, params=params, **named, **changes)


def options_of(spec, *words):
    parser = argparse.ArgumentParser()
    spec.add_options(parser)
    return spec.from_options(parser.parse_args(list(words)))


def test_frames_keep_their_order_and_durations():
    sent = FRAMES.from_python({"frames": ["a.png", ("b.png", 80)]}, str)
    assert [(frame.image, frame.duration_ms) for frame in sent] == [("a.png", 100), ("b.png", 80)]
    assert list(FRAMES.refs(sent)) == ["a.png", "b.png"]
    on_the_line = options_of(FRAMES, "--frames", "a.png", "b.png", "--duration", "40")
    assert [frame.duration_ms for frame in on_the_line] == [40, 40]


def test_what_is_optional_and_was_not_given_is_as_its_kind_says():
    specs = (Pictures("palette", "", "", minimum=0), Frames("frames", "", "", minimum=0, maximum=1), Mask("selection", "", ""))
    assert [Loaded({})[spec] for spec in specs] == [(), (), None]


def test_one_picture_may_stand_for_a_list_of_one():
    assert [picture.image for picture in Pictures("styles", "", "").from_python({"styles": "a.jpg"}, str)] == ["a.jpg"]


def test_help_says_what_a_picture_is_for():
    parser = argparse.ArgumentParser()
    Pictures("palette", "Palette", "A picture whose colours are used.", minimum=0).add_options(parser)
    assert "A picture whose colours are used" in parser.format_help()


def test_too_few_frames_are_refused_before_any_is_opened():
    with pytest.raises(MissingInput, match="Frames: choose 2 to 1000"):
        check(a_filter(FRAMES, outputs=()), Request(filter="f", inputs={"frames": [{"image": "a"}]}))


def test_an_input_that_the_filter_does_not_take_is_named():
    with pytest.raises(InvalidInput, match="takes no styles"):
        check(a_filter(Layer("content", "Photo", "")), Request(filter="f", inputs={"content": "a", "styles": []}))


def test_a_place_is_two_numbers():
    ground = Backdrop("ground", "Ground", "")
    assert options_of(ground, "--ground", "a.png", "--at=-3,4").x == -3
    with pytest.raises(SystemExit):
        options_of(ground, "--ground", "a.png", "--at", "3")


class Named(Params):
    """A setting with the name of an input."""

    styles: int = number(1, ge=0, le=2, step=1, title="Styles", description="Styles.")


@pytest.mark.parametrize(
    ("inputs", "params"),
    [
        ((Layer("content", "", ""), Layer("other", "", "")), Params),
        ((Mask("selection", "", ""),), Params),
        ((Layer("same", "", ""), Mask("same", "", "")), Params),
        ((Layer("content", "", ""), Pictures("styles", "", "")), Named),
        ((RegionsInput("parts", "", ""),), Params),
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused_at_once(inputs, params):
    with pytest.raises(ValueError, match="f: "):
        a_filter(*inputs, params=params)


@pytest.mark.parametrize("declared", filters(), ids=lambda declared: declared.id)
def test_the_least_request_of_every_filter_passes_its_check_and_survives_json(declared):
    given = {item.name: item.required("a.png") for item in declared.inputs}
    made = Request.of(declared, given, {})
    assert Request.model_validate_json(made.model_dump_json()) == made
    use = check(declared, made)
    assert use.params == declared.params()
    assert set(use.refs()) == {"a.png"}
