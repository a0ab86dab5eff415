"""Each translation is whole, says the same with the same placeholders, and is what its program reads."""

from __future__ import annotations

import gettext
import io
import re
from pathlib import Path

import pytest

from restyle.contract.errors import OutOfMemory
from restyle_installer import languages, po
from restyle_installer.checkout import HERE
from restyle_installer.languages import Domain
from restyle_installer.po import PLURALS, Entry
from restyle_plugin import menu
from restyle_plugin.gimpfu_shim import menu_order
from tests.installer.world import quiet_console

DOMAINS = languages.domains(HERE)
_NAMED = re.compile(r"\{\w+\}")
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-+0 #]*\d*(?:\.\d+)?[a-zA-Z%]")


@pytest.fixture(scope="module", params=DOMAINS, ids=lambda domain: str(domain.name))
def domain(request: pytest.FixtureRequest) -> Domain:
    found: Domain = request.param
    return found


@pytest.fixture(scope="module")
def texts(domain: Domain) -> dict[str, Entry]:
    """What a program says."""
    return languages.extracted(domain)


@pytest.fixture(params=sorted(PLURALS))
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def said(domain: Domain, language: str) -> dict[str, Entry]:
    """What a language has of it."""
    return po.read(domain.catalogue(language, ".po").read_text(encoding="utf-8"))


def test_the_template_is_what_the_program_says_now(domain: Domain, texts: dict[str, Entry]) -> None:
    kept = domain.template.read_text(encoding="utf-8")
    assert kept == po.template(texts), "run `python3 installer languages`"


def test_every_language_has_every_text_and_no_other(texts: dict[str, Entry], said: dict[str, Entry]) -> None:
    assert [text for text in texts if text not in said or not said[text].said] == []
    assert [text for text in said if text not in texts] == []


def test_the_plug_in_has_what_the_core_says() -> None:
    texts = languages.extracted(next(domain for domain in DOMAINS if domain.name == "restyle"))
    entry = texts[OutOfMemory().sentence]
    assert "core/contract/errors/machine.py" in entry.places


def test_numbers_have_as_many_forms_as_the_language(language: str, said: dict[str, Entry]) -> None:
    forms = int(PLURALS[language][len("nplurals=")])
    assert [entry.text for entry in said.values() if len(entry.said) != (forms if entry.plural else 1)] == []


def test_placeholders_are_the_same(said: dict[str, Entry]) -> None:
    def of(text: str) -> list[str]:
        if _NAMED.search(text):
            return sorted(_NAMED.findall(text))
        found = _PLACEHOLDER.findall(text) if "%" in text else []
        return sorted(found) if all("(" in each or each == "%%" for each in found) else found

    wrong = [
        (entry.text, words)
        for entry in said.values()
        for words in entry.said
        if of(words) != of(entry.text) and _is_template(entry.text)
    ]
    assert wrong == []


def _is_template(text: str) -> bool:
    """Whether a text is filled in: a description may speak of per cent."""
    return bool(_NAMED.search(text)) or any(each != "%%" and not each.startswith("% ") for each in _PLACEHOLDER.findall(text))


def test_ends_are_kept(said: dict[str, Entry]) -> None:
    """A label that opens a dialog says so, a sentence ends, and what follows a colon is expected."""
    ends = {"…": "…", ":": ":：", ".": ".。"}
    wrong = [
        (entry.text, words)
        for entry in said.values()
        for words in entry.said
        if entry.text[-1] in ends and words[-1] not in ends[entry.text[-1]]
    ]
    assert wrong == []
    unspaced = [entry for entry in said.values() if entry.text == entry.text.strip()]
    assert [entry.text for entry in unspaced for words in entry.said if words != words.strip()] == []
    assert [
        entry.text for entry in said.values() for words in entry.said if words.endswith("\n") != entry.text.endswith("\n")
    ] == []


def test_what_is_read_is_what_the_texts_compile_to(domain: Domain, language: str, said: dict[str, Entry]) -> None:
    data = domain.catalogue(language, ".mo").read_bytes()
    assert data == domain.compiled(said, language)
    known = gettext.GNUTranslations(io.BytesIO(data))  # another program's reader
    for entry in said.values():
        if not entry.plural:
            assert known.gettext(entry.text) == entry.said[0]


@pytest.mark.parametrize("spoken", ["en", *PLURALS])
def test_gimp_2_sorts_the_menu_as_it_is_declared_in_every_language(spoken: str) -> None:
    known = gettext.GNUTranslations(io.BytesIO(DOMAINS[0].catalogue(spoken, ".mo").read_bytes()))
    paths = [menu_order.path_at(menu.MENU, place) for place in range(menu_order.PLACES)]
    assert {path.replace("_", "") for path in paths} == {menu.MENU}
    shown = [known.gettext(path) for path in paths]
    assert shown == sorted(set(shown))
    # GIMP refuses what has another beginning, or not as many parts, and shows the last one.
    assert {(path.partition("/")[0], path.count("/"), path.rpartition("/")[2]) for path in shown} == {
        (menu.MENU.partition("/")[0], menu.MENU.count("/"), known.gettext(menu.MENU.rpartition("/")[2]))
    }


def test_the_menu_is_called_something_else_in_every_language(language: str) -> None:
    known = gettext.GNUTranslations(io.BytesIO(DOMAINS[0].catalogue(language, ".mo").read_bytes()))
    assert known.gettext(menu.MENU).rpartition("/")[2] != menu.MENU.rpartition("/")[2]


def test_a_language_that_lacks_a_text_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(po, "PLURALS", {"de": PLURALS["de"]})
    domain = Domain("trees", tmp_path)
    (tmp_path / "one.py").write_text('_("One\\n\\"two\\"")\nngettext("%d tree", "%d trees", 2)\nN_("Kept")\nprint("Unseen")\n')
    assert languages.update([domain], quiet_console()) == 1
    path = tmp_path / "locale" / "de" / "LC_MESSAGES" / "trees.po"
    found = po.read(path.read_text(encoding="utf-8"))
    assert set(found) == {'One\n"two"', "%d tree", "Kept"}
    for entry in found.values():
        entry.said = ["ein Baum", "%d Bäume"] if entry.plural else ["ü " + entry.text]
    path.write_text(po.written(found, "de"), encoding="utf-8")
    assert languages.update([domain], quiet_console()) == 0
    known = gettext.GNUTranslations(io.BytesIO(path.with_suffix(".mo").read_bytes()))
    assert known.gettext('One\n"two"') == 'ü One\n"two"'
    assert known.ngettext("%d tree", "%d trees", 3) == "%d Bäume"


def test_a_profile_gets_what_is_read_and_not_what_it_is_made_of() -> None:
    from restyle_installer.plugin_folder import own_files

    paths = {file.path for file in own_files(HERE.plugin)}
    assert {f"restyle_plugin/locale/{language}/LC_MESSAGES/restyle.mo" for language in PLURALS} <= paths
    assert not [path for path in paths if path.endswith((".po", ".pot"))]
