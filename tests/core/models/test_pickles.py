"""Pickles as data: what Python would only warn of is no news to anybody who paints."""

from restyle.models.foreign.pickles import read_pickle


def test_an_escape_that_python_no_longer_likes_is_read_in_silence():
    # pytest makes errors of warnings.
    assert read_pickle(b"S'a\\u'\n.")[0] == "a\\u"
