"""Languages: which lists serve for a text, what a new one needs, what is named without any."""

import json

import pytest

from corpus.comparison import compare, name_changes, quotations
from corpus.comparison import language as languages
from corpus.comparison.language import UNDETERMINED, Language, UnknownLanguage, codes, load
from corpus.comparison.language.guessing import lists_for
from corpus.comparison.language.lists import lists
from corpus.comparison.wording import NOT_LOOKED_FOR, gaps


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("No crew will sail.", "en"),
        ("Ruiz", "en"),
        ("They met Deputy Minister Ana Ruiz.", "en"),
        ("Ministern avgick inte i går, och det är bra att han har gått.", UNDETERMINED),
        ("会議は東京で開かれた。", UNDETERMINED),
        ("Министр не ушёл в отставку.", UNDETERMINED),
        ("Сегодня ничего не было.", UNDETERMINED),
    ],
)
def test_the_language_is_guessed(text, code):
    assert lists_for(text) == code


@pytest.mark.parametrize(
    ("language", "code"), [("en-GB", "en"), ("EN_us", "en"), ("eu", UNDETERMINED), ("fil", "und")]
)
def test_the_language_that_is_told_is_taken(language, code):
    assert lists_for("No crew will sail.", language=language) == code


@pytest.mark.parametrize("language", ["", "English", None])
def test_what_is_no_tag_is_not_believed(language):
    assert lists_for("No crew will sail.", language=language) == "en"


def test_without_lists_only_what_needs_none_is_named():
    before = "Ministern avgick inte i går, och det är 40 skäl att han har gått. ”Vi går”, sade Ek."
    after = "Ministern avgick i går, och det är 45 skäl att han har gått. ”Vi står”, sade Al."
    found = compare(before, after)

    assert found.language == UNDETERMINED
    assert {change.kind for change in found.changes} == {"number", "quotation"}
    assert gaps(found) == NOT_LOOKED_FOR
    assert gaps(compare("No crew will sail.", "No crew sails.")) == ""


def test_a_language_without_a_file_is_refused():
    with pytest.raises(UnknownLanguage):
        load("xx")


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_language_has_only_lists_that_are_read(code):
    english = load().data
    data = load(code).data

    assert data.keys() <= english.keys()
    for name, value in data.items():
        assert isinstance(value, type(english[name])), name


TOY = {
    "articles": "zo",
    "auxiliaries": "vu",
    "negations": "nak",
    "strict_negations": "nak",
    "negation_companions": "",
    "numbers": {"bip": 2, "bop": 3},
    "reporting": "mur",
    "speech": "mur",
    "past_forms": "mur",
    "synonyms": ["ship boat"],
    "inflections": ["ki>"],
}


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """A language of five words, in a file of its own, as docs/formats.md says."""
    for path in languages._FOLDER.glob("*.json"):
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / "qt.json").write_text(json.dumps(TOY))
    monkeypatch.setattr(languages, "_FOLDER", tmp_path)
    codes.cache_clear()
    yield "qt"
    codes.cache_clear()
    load.cache_clear()
    lists.cache_clear()


def test_a_new_language_is_one_file(toy):
    assert toy in codes()
    assert isinstance(load(toy), Language)
    denial = name_changes("Zo balo vu nak lem.", "Zo balo vu lem.", language=toy)
    number = name_changes("Zo balo lem bip fon.", "Zo balo lem bop fon.", language=toy)
    assert {change.kind for change in denial} == {"negation"}
    assert {change.kind for change in number} == {"number"}
    (said,) = quotations("“Lem fon,” mur Balo.", language=toy)
    assert said.speaker is not None
    assert said.cue is not None
