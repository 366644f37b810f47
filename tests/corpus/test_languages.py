"""Languages: which lists serve for a text, what a new one needs, what is named without any."""

import json

import pytest

from corpus.comparison import compare, name_changes, quotations
from corpus.comparison import language as languages
from corpus.comparison.language import UNDETERMINED, Language, UnknownLanguage, codes, load
from corpus.comparison.language.guessing import lists_for
from corpus.comparison.language.lists import lists
from corpus.comparison.tokens import fold
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
        ("Wszystko jest w porządku, ale nie ma go.", UNDETERMINED),
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


LANGUAGES = [
    ("de", "number", "Die Quote stieg auf 3,4 Prozent.", "Die Quote stieg auf 4,3 Prozent."),
    ("de", "negation", "Der Minister trat nicht zurück.", "Der Minister trat zurück."),
    ("de", "negation", "Der Rat lehnte den Plan ab.", "Der Rat nahm den Plan an."),
    ("de", "certainty", "Der Preis könnte steigen.", "Der Preis wird steigen."),
    ("de", "date", "Am 3. März begann die Messe.", "Am 5. März begann die Messe."),
    ("de", "name", "Er verkaufte das Werk in Leipzig.", "Er verkaufte das Werk in Dresden."),
    ("de", "name", "Dann sprach Elke Sander zum Rat.", "Dann sprach Hanne Voss zum Rat."),
    ("fr", "negation", "Le ministre n'a pas démissionné.", "Le ministre a démissionné."),
    ("fr", "number", "La ville a 12 000 habitants.", "La ville a 21 000 habitants."),
    ("fr", "certainty", "La loi pourrait être votée.", "La loi sera votée."),
    ("fr", "date", "Il est arrivé le 3 mars.", "Il est arrivé le 5 mars."),
    ("es", "negation", "El paro subió un 2,5 %.", "El paro bajó un 2,5 %."),
    ("es", "number", "La empresa despidió a treinta.", "La empresa despidió a cuarenta."),
    ("es", "date", "El paro subió en el mes de marzo.", "El paro subió en el mes de abril."),
    ("pt", "negation", "O governo não aprovou o plano.", "O governo aprovou o plano."),
    ("pt", "number", "O preço subiu 3,5 milhões.", "O preço subiu 5,3 milhões."),
]


@pytest.mark.parametrize(("code", "kind", "before", "after"), LANGUAGES)
def test_changes_are_named_in_other_languages(code, kind, before, after):
    assert kind in {change.kind for change in name_changes(before, after, language=code)}
    assert name_changes(before, before, language=code) == []


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("de", "Das kostet 1.250,5 Euro.", "Das kostet 1250,5 Euro."),
        ("de", "Das kostet 90.000 Euro.", "Das kostet 90 000 €."),
        ("de", "Zwölf Objekte fehlen.", "12 Objekte fehlen."),
        (
            "de",
            "Die Opposition forderte den Rücktritt des Ministers, der im Amt ist.",
            "Der Rücktritt des Ministers, der im Amt ist, wurde von der Opposition verlangt.",
        ),
        ("fr", "La ville a 12 000 habitants.", "La ville a 12.000 habitants."),
    ],
)
def test_another_way_of_writing_is_no_change(code, before, after):
    assert [c for c in name_changes(before, after, language=code) if c.severity > 1] == []


def test_a_german_noun_is_no_name():
    before = "Der Konzern baut an der Küste eine Fabrik für Batterien."
    after = "An der Küste entsteht ein Werk, in dem Akkus gefertigt werden."

    assert "name" not in {change.kind for change in name_changes(before, after, language="de")}


@pytest.mark.parametrize(
    ("text", "words", "speaker"),
    [
        ("„Das Wasser kam durch die Decke“, erinnert sich Hanne Voss.", "Das Wasser", "Hanne Voss"),
        (
            "Laut Ministerin Gesa Thal ist das Gesetz „handwerklich misslungen“.",
            "hand",
            "Gesa Thal",
        ),
        ("« Nous avons tout perdu », raconte Odile Marchal.", "Nous", "Odile Marchal"),
        ("“No vamos a cerrar la escuela”, aseguró Julio Ferrer.", "No vamos", "Julio Ferrer"),
        ("“A ponte não abre este ano”, disse a ministra Teresa Falcão.", "A ponte", "Teresa"),
    ],
)
def test_speakers_in_other_languages(text, words, speaker):
    (said,) = [q for q in quotations(text) if text[slice(*q.span)].startswith(words)]

    assert said.speaker is not None
    assert speaker in text[slice(*said.speaker)]


def test_marks_of_all_scripts_quote():
    assert [q.direct for q in quotations("「行こう」と彼は言った。")] == [True]
    assert [q.direct for q in quotations("他说：“我们走。”然后他离开了。")] == [True]


@pytest.mark.parametrize("code", sorted(codes()))
def test_tables_are_looked_up_by_folded_words(code):
    data = load(code).data
    for name in ("months", "weekdays", "numbers", "ordinals", "scales", "units", "irregular"):
        assert all(fold(word) == word for word in data[name]), name
