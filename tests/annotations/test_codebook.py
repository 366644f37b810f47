import copy
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from annotations.acts.undoing import undo
from annotations.codebooks import CodebookError, check, differences, read
from annotations.models import Annotation, Code, Variable, default_codebook
from tests import factories


def small(**changes):
    code = {"key": "yes", "label": "Yes", "definition": "It is so.", "colour": 1}
    variable = {"key": "fair", "label": "Fair", "level": ["document"], "codes": [code]}
    return {"name": "Small", "variables": [variable | changes]}


def variable(book, key):
    return next(variable for variable in book["variables"] if variable["key"] == key)


def test_the_default_codebook_passes_the_check():
    assert check(default_codebook())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "codebook: must be an object"),
        ({"variables": []}, "codebook, name: is missing"),
        ({"name": "X"}, "variables: must be a list"),
        ({"name": "X", "variables": []}, "variables: a codebook needs at least one"),
        (small(key="not a key"), "variable 1, key: must be 1 to 60 letters"),
        (small(key="self"), "variable “self”, key: the program needs this word"),
        (small(label=""), "variable “fair”, label: is missing"),
        (small(level=["word"]), "variable “fair”, level: “word” is none of"),
        (small(level=[]), "variable “fair”, level: name one or more of"),
        (small(choice="two"), "variable “fair”, choice: must be one or many"),
        (small(question=None), "variable “fair”, question: must be text"),
        (small(note=["a"]), "variable “fair”, note: must be text"),
        (small(rules=5), "variable “fair”, rules: must be a list"),
        (small(rules=[5]), "variable “fair”, rules: must be a list of sentences"),
        (small(core="maybe"), "variable “fair”, core: must be true or false"),
        (small(order=["no"]), "variable “fair”, order: there is no code “no”"),
        (small(order=[["yes"]]), "variable “fair”, order: there is no code"),
        (small(fields=[{"key": "fair", "label": "F"}]), "the key “fair” is there twice"),
        (small() | {"licence": None}, "codebook, licence: must be text"),
        (small() | {"licence": "x" * 101}, "codebook, licence: is longer than 100"),
        (small() | {"unit_rules": 5}, "codebook, unit_rules: must be a list"),
        (small(label="\ud800"), "“fair”, label: holds a character that cannot be stored"),
        (small(label="a\0b"), "“fair”, label: holds a character that cannot be stored"),
        (small() | {"weight": [float("nan")]}, "weight 1: must be an ordinary number"),
    ],
)
def test_what_is_no_codebook_is_refused_with_the_place(data, message):
    with pytest.raises(CodebookError) as error:
        check(data)

    assert message in str(error.value)


def coded(*codes, **changes):
    keys = ({"key": key, "label": key.upper()} | extra for key, extra in codes)
    return small(codes=list(keys), level=["passage"], **changes)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (coded(("a", {}), ("a", {})), "variable “fair”, code “a”: the key “a” is there twice"),
        (coded(("a", {"label": ""})), "variable “fair”, code “a”, label: is missing"),
        (coded(("a", {"colour": 9})), "code “a”, colour: must be a number"),
        (coded(("a", {"colour": True})), "code “a”, colour: must be a number"),
        (coded(("a", {"example": 5})), "code “a”, example: must be text"),
        (coded(("a", {"retired": "maybe"})), "code “a”, retired: must be true or false"),
        (coded(("a", {"retired": None})), "code “a”, retired: must be true or false"),
        (coded(("a", {"shortcut": 7})), "code “a”, shortcut: must be text"),
        (coded(("a", {"shortcut": "df"})), "code “a”, shortcut: must be one of d, f, g"),
        (coded(("a", {"shortcut": "b"})), "the reading page uses “b” itself; free are d, f, g"),
        (
            coded(("a", {"shortcut": "d"}), ("b", {"shortcut": "d"})),
            "variable “fair”, code “b”, shortcut: “d” is that of “A” already",
        ),
        (small(codes=[{"key": "a", "label": "A", "shortcut": "d"}]), "only codes of passages"),
    ],
)
def test_what_is_no_code_is_refused_with_the_place(data, message):
    with pytest.raises(CodebookError) as error:
        check(data)

    assert message in str(error.value)


def test_a_retired_code_may_keep_a_shortcut_that_another_has():
    assert check(coded(("a", {"shortcut": "d", "retired": True}), ("b", {"shortcut": "d"})))


@pytest.mark.parametrize(
    ("buttons", "message"),
    [
        (5, "variable “position”, quick_buttons: must be a list"),
        (None, "variable “position”, quick_buttons: must be a list"),
        ([["1", "Asserts"]], "variable “position”, button 1: must be a list of shortcut, label"),
        ([["1", "Asserts", "author", "no"]], "button 1: the variable “position” has no code “no”"),
        ([["1", "Asserts", "no", "supports"]], "button 1: the variable “voice” has no code “no”"),
        ([["b", "Asserts", None, "supports"]], "button 1: its shortcut must be a digit from 1"),
        ([["1", "Asserts", None, "supports"]] * 2, "button 2: its shortcut must be a digit from"),
    ],
)
def test_buttons_set_codes_that_are_there(buttons, message):
    data = copy.deepcopy(default_codebook())
    variable(data, "position")["quick_buttons"] = buttons

    with pytest.raises(CodebookError) as error:
        check(data)

    assert message in str(error.value)


def test_broken_json_is_named_with_file_and_line():
    with pytest.raises(CodebookError, match=r"book\.json, line 2: "):
        read(b'{"name": "X",\n oops}', "book.json")
    with pytest.raises(CodebookError, match="UTF-8"):
        read(b"\xff\xfe", "book.json")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"[" * 100_000, "lists and objects stand more than 12 deep"),
        (b'{"name": "X", "extra": ' + b"[" * 900 + b"]" * 900 + b"}", "more than 12 deep"),
        (b'{"name": ' + b"9" * 5000 + b"}", "there is a number too long to read"),
        (b'{"name": NaN}', "name: must be an ordinary number"),
    ],
)
def test_json_that_no_database_takes_is_refused(data, message):
    with pytest.raises(CodebookError) as error:
        read(data, "book.json")

    assert str(error.value).startswith("book.json: ")
    assert message in str(error.value)


def test_differences_are_sentences():
    before = default_codebook()
    after = copy.deepcopy(before)
    stance = after["variables"][0]
    stance["label"] = "Genre"
    stance["codes"][0]["definition"] = "Tells what happened."
    stance["codes"][1]["retired"] = True
    stance["codes"].append({"key": "satire2", "label": "Irony"})
    del after["variables"][1]

    found = differences(before, after)

    assert found[0] == "Variable “Origin” removed."
    assert "Variable “Genre”: label was “Stance”, is “Genre”." in found
    assert "Genre: code “Analysis” retired." in found
    assert "Genre: code “Irony” added." in found
    assert any("definition was “Tells what happened or" in line for line in found)
    assert differences(before, before) == []


@pytest.mark.parametrize(("who", "reads", "edits"), [
    ("alice", 200, 200), ("bob", 200, 403), ("stranger", 404, 404),
])  # fmt: skip
def test_everybody_inside_reads_and_curators_edit(client, harbour, request, who, reads, edits):
    client.force_login(request.getfixturevalue(who))
    variable = harbour.codebook.variables.get(key="stance")
    slug = harbour.slug

    for name in ("codebook", "codebook_history", "codebook_export"):
        assert client.get(reverse(f"annotations:{name}", args=[slug])).status_code == reads
    for name, args in (
        ("codebook_import", []),
        ("variable_new", []),
        ("variable_edit", [variable.pk]),
        ("code_new", [variable.pk]),
        ("code_edit", [variable.pk, variable.codes.first().pk]),
        ("code_merge", [variable.pk, variable.codes.first().pk]),
    ):
        assert client.get(reverse(f"annotations:{name}", args=[slug, *args])).status_code == edits


def test_renaming_a_code_touches_no_annotation_and_makes_a_version(client, harbour, alice, bob):
    annotation = factories.stance(factories.document(harbour), bob, "opinion")
    code = Code.objects.get(variable__key="stance", key="opinion")
    client.force_login(alice)

    client.post(
        reverse("annotations:code_edit", args=[harbour.slug, code.variable_id, code.pk]),
        {"label": "Commentary", "key": "changed", "definition": "Argues.", "colour": 3},
    )

    code.refresh_from_db()
    harbour.codebook.refresh_from_db()
    assert (code.label, code.key) == ("Commentary", "opinion")
    assert harbour.codebook.version == 2
    stored = Annotation.objects.get(pk=annotation.pk)
    assert stored.as_state() == annotation.as_state()
    assert (stored.version, stored.codebook_version) == (1, 1)
    page = client.get(reverse("annotations:codebook_history", args=[harbour.slug])).text
    assert "label was “Opinion”, is “Commentary”." in page


def test_merging_codes_moves_every_use_and_undo_still_works(client, harbour, alice, bob):
    annotation = factories.stance(factories.document(harbour), bob, "satire")
    satire = Code.objects.get(variable__key="stance", key="satire")
    opinion = Code.objects.get(variable__key="stance", key="opinion")
    client.force_login(alice)

    client.post(
        reverse("annotations:code_merge", args=[harbour.slug, satire.variable_id, satire.pk]),
        {"into": opinion.pk},
    )

    satire.refresh_from_db()
    assert (satire.retired, satire.merged_into) == (True, opinion)
    assert Annotation.objects.get().as_state().codes("stance") == ("opinion",)
    assert undo(harbour, bob).words.startswith("Undone")
    assert Annotation.objects.get(pk=annotation.pk).deleted


def test_merging_keeps_one_row_where_both_codes_were_given(harbour, alice):
    one = factories.document(harbour, "One text.", title="One")
    two = factories.document(harbour, "Two texts.", title="Two")
    state = factories.AnnotationState(
        "linking",
        (factories.passage(one, "One"), factories.passage(two, "Two")),
        codings=(("change", "stronger"), ("change", "weaker")),
    )
    annotation = Annotation.objects.record(state, collection=harbour, user=alice)
    stronger, weaker = (Code.objects.get(key=key) for key in ("stronger", "weaker"))

    weaker.merge_into(stronger)

    assert [coding.code for coding in annotation.codings.all()] == [stronger]


def test_codes_change_places(client, harbour, alice):
    variable = harbour.codebook.variables.get(key="stance")
    first, second = variable.codes.order_by("order")[:2]
    client.force_login(alice)

    client.post(
        reverse("annotations:code_move", args=[harbour.slug, variable.pk, second.pk]), {"up": ""}
    )

    assert list(variable.codes.order_by("order")[:2]) == [second, first]


def test_retired_codes_stand_after_those_on_offer_and_stay_there(client, harbour, alice):
    stance = harbour.codebook.variables.get(key="stance")
    merge(stance, "analysis", into="opinion")
    opinion = stance.codes.get(key="opinion")
    client.force_login(alice)
    shown = reverse("annotations:codebook", args=[harbour.slug])

    client.post(
        reverse("annotations:code_move", args=[harbour.slug, stance.pk, opinion.pk]), {"up": ""}
    )

    page = client.get(shown)
    _, offered, retired = page.context["variables"][0]
    assert [code.key for code in offered] == ["opinion", "reporting", "satire", "other"]
    assert [code.key for code in retired] == ["analysis"]
    assert "1 retired, not offered any more" in page.text
    assert "Merged into “Opinion”, until it is changed to be offered again." in page.text


def test_a_variable_is_made_and_changed(client, harbour, alice):
    client.force_login(alice)
    data = {
        "label": "Tone",
        "key": "tone",
        "question": "How does it sound?",
        "rules": "First.\n\nSecond.",
        "level": ["document", "passage"],
        "choice": "one",
        "scale": "nominal",
    }

    client.post(reverse("annotations:variable_new", args=[harbour.slug]), data)
    twice = client.post(reverse("annotations:variable_new", args=[harbour.slug]), data)

    tone = Variable.objects.get(key="tone")
    assert tone.rules == ["First.", "Second."]
    assert twice.status_code == 422
    assert "has a variable with this key" in twice.text


def test_a_codebook_goes_out_and_comes_in_again_the_same(client, harbour, alice):
    other = factories.collection("Other", owner=alice)
    client.force_login(alice)
    sent = client.get(reverse("annotations:codebook_export", args=[harbour.slug])).content

    client.post(
        reverse("annotations:codebook_import", args=[other.slug]),
        {"file": SimpleUploadedFile("book.json", sent)},
    )

    other.codebook.refresh_from_db()
    mine, theirs = json.loads(sent), other.codebook.as_dict()
    assert theirs.pop("version") == 2
    assert mine.pop("version") == 1
    assert theirs == mine


TONES = ("calm", "shrill", "warm")


@pytest.fixture
def tone(harbour, alice):
    """A passage variable with any number of codes, in a group of its own."""
    codes = [{"key": key, "label": key.capitalize()} for key in TONES]
    tone = {"key": "tone", "label": "Tone", "choice": "many", "codes": codes}
    group = {"key": "style", "label": "Style", "level": ["passage"], "fields": [tone]}
    data = harbour.codebook.as_dict()
    harbour.codebook.absorb(data | {"variables": [*data["variables"], group]}, user=alice)
    return Variable.objects.get(key="tone")


def toned(document, user, *codes):
    """A mark with these tones."""
    codings = tuple(("tone", code) for code in codes)
    return factories.mark(document, user, "port", codings=codings)


def merge(variable, code, into):
    codes = {code.key: code for code in variable.codes.all()}
    codes[code].merge_into(codes[into])


def left_of(variable):
    return dict(Code.objects.filter(variable=variable).values_list("key", "retired"))


def test_an_import_retires_what_is_used_and_removes_what_is_not(harbour, tone, alice, bob):
    toned(factories.document(harbour), bob, "calm")

    harbour.codebook.absorb(default_codebook(), user=alice)

    assert left_of(tone) == {"calm": True}
    assert Variable.objects.filter(key="style").exists()


def test_an_import_removes_a_group_that_nobody_used(harbour, tone, alice):
    harbour.codebook.absorb(default_codebook(), user=alice)

    assert not Variable.objects.filter(key__in=["style", "tone"]).exists()


def test_an_import_keeps_merged_codes_so_that_undo_finds_them(harbour, tone, alice, bob):
    mark = toned(factories.document(harbour), bob, "calm")
    factories.delete(mark, user=bob)
    merge(tone, "calm", into="warm")

    harbour.codebook.absorb(default_codebook(), user=alice)

    assert left_of(tone) == {"calm": True, "warm": True}
    assert undo(harbour, bob).words.startswith("Undone")
    assert Annotation.objects.get().as_state().codes("tone") == ("warm",)


def test_an_import_keeps_codes_that_undo_leads_back_to(harbour, tone, alice, bob):
    mark = toned(factories.document(harbour), bob, "calm")
    mark.change(mark.as_state().coded(tone="warm"), user=bob)

    harbour.codebook.absorb(default_codebook(), user=alice)

    assert left_of(tone) == {"calm": True, "warm": True}
    assert undo(harbour, bob).words.startswith("Undone")
    assert Annotation.objects.get().as_state().codes("tone") == ("calm",)


def test_an_import_keeps_what_the_pages_rely_on(harbour, alice):
    data = copy.deepcopy(default_codebook())
    variable(data, "stance").update(choice="many", level=["claim"])
    variable(data, "presence")["codes"] = []

    harbour.codebook.absorb(data, user=alice)

    stance = harbour.codebook.variables.get(key="stance")
    assert (stance.choice, stance.level) == ("one", ["document", "passage"])
    assert left_of(harbour.codebook.variables.get(key="presence")) == {"absent": True}


def test_an_import_that_clashes_with_what_stays_changes_nothing(harbour, tone, alice):
    Code.objects.filter(variable__key="certainty", key="certain").update(shortcut="d")
    data = harbour.codebook.as_dict()
    data["variables"] = [row for row in data["variables"] if row["key"] != "certainty"]
    variable(data, "style")["fields"][0]["codes"][0]["shortcut"] = "d"

    with pytest.raises(CodebookError, match="“d” is that of “C"):
        harbour.codebook.absorb(data, user=alice)

    harbour.codebook.refresh_from_db()
    assert harbour.codebook.version == 2
    assert not tone.codes.exclude(shortcut="").exists()


def test_two_codes_on_an_annotation_keep_a_variable_from_taking_one(
    client, harbour, tone, alice, bob
):
    toned(factories.document(harbour), bob, "calm", "warm")
    client.force_login(alice)
    data = harbour.codebook.as_dict()
    variable(data, "style")["fields"][0]["choice"] = "one"

    page = client.post(
        reverse("annotations:variable_edit", args=[harbour.slug, tone.pk]),
        {"label": "Tone", "level": ["passage"], "choice": "one", "scale": "nominal"},
    )
    with pytest.raises(CodebookError, match="variable “tone”, choice: must stay “many”"):
        harbour.codebook.absorb(data, user=alice)

    assert page.status_code == 422
    assert "more than one code of “Tone” is on 1 annotation, counting" in page.text
    tone.refresh_from_db()
    assert tone.choice == "many"


def test_a_variable_takes_one_code_once_no_annotation_has_two(client, harbour, tone, alice, bob):
    toned(factories.document(harbour), bob, "calm", "warm")
    merge(tone, "calm", into="warm")
    client.force_login(alice)

    client.post(
        reverse("annotations:variable_edit", args=[harbour.slug, tone.pk]),
        {"label": "Tone", "level": ["passage"], "choice": "one", "scale": "nominal"},
    )

    tone.refresh_from_db()
    assert tone.choice == "one"


def test_a_merged_code_that_is_offered_again_stands_for_itself(client, harbour, alice, bob):
    stance = harbour.codebook.variables.get(key="stance")
    merge(stance, "satire", into="opinion")
    satire = stance.codes.get(key="satire")
    client.force_login(alice)
    address = reverse("annotations:code_edit", args=[harbour.slug, stance.pk, satire.pk])

    page = client.get(address)
    client.post(address, {"label": "Satire", "colour": 4})

    assert "It was merged into “Opinion”. Without this tick" in page.text
    factories.stance(factories.document(harbour), bob, "satire")
    assert Annotation.objects.get().as_state().codes("stance") == ("satire",)


def test_an_import_that_offers_a_merged_code_undoes_the_merge(harbour, alice):
    stance = harbour.codebook.variables.get(key="stance")
    merge(stance, "satire", into="opinion")

    harbour.codebook.absorb(default_codebook(), user=alice)

    satire = stance.codes.get(key="satire")
    assert (satire.retired, satire.merged_into) == (False, None)


def test_an_import_of_a_merged_code_as_retired_leaves_it_merged(harbour, alice):
    stance = harbour.codebook.variables.get(key="stance")
    merge(stance, "satire", into="opinion")

    harbour.codebook.absorb(harbour.codebook.as_dict(), user=alice)

    assert stance.codes.get(key="satire").merged_into == stance.codes.get(key="opinion")


@pytest.mark.parametrize(
    ("shortcut", "words"),
    [
        ("b", "The reading page uses “b” itself; free are d, f, g, h, i, q, r, t, w, y and 0."),
        ("3", "The reading page uses “3” itself"),
        ("é", "Must be one of d, f, g"),
        ("D", "“d” is the shortcut of “Warm” already."),
    ],
)
def test_a_shortcut_is_a_key_that_nothing_else_listens_to(
    client, harbour, tone, alice, shortcut, words
):
    tone.codes.filter(key="warm").update(shortcut="d")
    calm = tone.codes.get(key="calm")
    client.force_login(alice)

    page = client.post(
        reverse("annotations:code_edit", args=[harbour.slug, tone.pk, calm.pk]),
        {"label": "Calm", "colour": 1, "shortcut": shortcut},
    )

    assert page.status_code == 422
    assert words in page.text
    assert "Free: f, g, h, i, q, r, t, w, y, 0." in page.text


def test_a_shortcut_stands_beside_its_code(client, harbour, tone, alice):
    calm = tone.codes.get(key="calm")
    client.force_login(alice)

    client.post(
        reverse("annotations:code_edit", args=[harbour.slug, tone.pk, calm.pk]),
        {"label": "Calm", "colour": 1, "shortcut": "F"},
    )

    page = client.get(reverse("annotations:codebook", args=[harbour.slug])).text
    assert "<kbd>f</kbd>" in page


def test_only_codes_of_passages_have_shortcuts(client, harbour, tone, alice):
    tone.codes.filter(key="calm").update(shortcut="d")
    origin = harbour.codebook.variables.get(key="origin")
    client.force_login(alice)

    page = client.get(reverse("annotations:code_new", args=[harbour.slug, origin.pk])).text
    moved = client.post(
        reverse("annotations:variable_edit", args=[harbour.slug, tone.pk]),
        {"label": "Tone", "level": ["document"], "choice": "many", "scale": "nominal"},
    )

    assert "shortcut" not in page
    assert moved.status_code == 422
    assert "Take it from these first: Calm." in moved.text


def test_no_variable_has_the_key_that_the_program_needs(client, harbour, alice):
    client.force_login(alice)

    page = client.post(
        reverse("annotations:variable_new", args=[harbour.slug]),
        {"label": "Self", "key": "self", "level": ["claim"], "choice": "one", "scale": "nominal"},
    )

    assert page.status_code == 422
    assert "The program needs this word" in page.text


def test_where_coding_is_blind_uses_are_those_one_may_see(client, harbour, alice, bob):
    harbour.blind = True
    harbour.save()
    document = factories.document(harbour)
    factories.mark(document, alice, "port", position="disputes")
    factories.mark(document, bob, "port")
    factories.delete(factories.mark(document, bob, "closed"), user=bob)

    def uses(user):
        client.force_login(user)
        page = client.get(reverse("annotations:codebook", args=[harbour.slug]))
        codes = [code for _, offered, _ in page.context["variables"] for code in offered]
        return {code.key: code.uses for code in codes if code.uses}

    assert uses(bob) == {"author": 1, "supports": 1}
    assert uses(alice) == {"author": 2, "supports": 1, "disputes": 1}


def test_a_bad_file_changes_nothing(client, harbour, alice):
    client.force_login(alice)

    response = client.post(
        reverse("annotations:codebook_import", args=[harbour.slug]),
        {"file": SimpleUploadedFile("book.json", b'{"name": "X", "variables": [{}]}')},
    )

    harbour.codebook.refresh_from_db()
    assert response.status_code == 422
    assert "book.json: variable 1, key" in response.text
    assert harbour.codebook.version == 1


def test_the_page_takes_few_queries(client, harbour, bob, django_assert_max_num_queries):
    client.force_login(bob)

    with django_assert_max_num_queries(8):
        page = client.get(reverse("annotations:codebook", args=[harbour.slug])).text

    assert "Argues the author’s (or paper’s) own position." in page
