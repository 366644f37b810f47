import copy
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from annotations.codebooks import CodebookError, check, differences, read
from annotations.models import Annotation, Code, Variable, default_codebook, undo
from tests import factories


def small(**changes):
    code = {"key": "yes", "label": "Yes", "definition": "It is so.", "colour": 1}
    variable = {"key": "fair", "label": "Fair", "level": ["document"], "codes": [code]}
    return {"name": "Small", "variables": [variable | changes]}


def test_the_default_codebook_passes_the_check():
    assert check(default_codebook())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "codebook: must be an object"),
        ({"variables": []}, "codebook.name: is missing"),
        ({"name": "X"}, "variables: must be a list"),
        ({"name": "X", "variables": []}, "variables: a codebook needs at least one"),
        (small(key="not a key"), "variables[0].key: must be 1 to 60 letters"),
        (small(label=""), "variables[0].label: is missing"),
        (small(level=["word"]), "variables[0].level: 'word' is none of"),
        (small(choice="two"), "variables[0].choice: must be one or many"),
        (small(codes=[{"key": "a", "label": "A"}] * 2), "codes[1]: the key 'a' is there twice"),
        (small(codes=[{"key": "a", "label": "A", "colour": 9}]), "colour: must be a number"),
        (small(codes=[{"key": "a", "label": "A", "shortcut": "ab"}]), "is one character"),
        (small(order=["no"]), "variables[0].order: there is no code 'no'"),
        (small(fields=[{"key": "fair", "label": "F"}]), "the key 'fair' is there twice"),
    ],
)
def test_what_is_no_codebook_is_refused_with_the_place(data, message):
    with pytest.raises(CodebookError) as error:
        check(data)

    assert message in str(error.value)


def test_broken_json_is_named_with_file_and_line():
    with pytest.raises(CodebookError, match=r"book\.json, line 2: "):
        read(b'{"name": "X",\n oops}', "book.json")
    with pytest.raises(CodebookError, match="UTF-8"):
        read(b"\xff\xfe", "book.json")


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
    assert undo(bob, harbour)
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


def test_an_import_retires_what_is_used_and_removes_what_is_not(harbour, alice, bob):
    factories.stance(factories.document(harbour), bob, "satire")
    data = copy.deepcopy(default_codebook())
    stance = data["variables"][0]
    stance["codes"] = [code for code in stance["codes"] if code["key"] == "reporting"]

    harbour.codebook.absorb(data, user=alice)

    left = dict(Code.objects.filter(variable__key="stance").values_list("key", "retired"))
    assert left == {"reporting": False, "satire": True}


def test_a_bad_file_changes_nothing(client, harbour, alice):
    client.force_login(alice)

    response = client.post(
        reverse("annotations:codebook_import", args=[harbour.slug]),
        {"file": SimpleUploadedFile("book.json", b'{"name": "X", "variables": [{}]}')},
    )

    harbour.codebook.refresh_from_db()
    assert response.status_code == 422
    assert "book.json: variables[0].key" in response.text
    assert harbour.codebook.version == 1


def test_the_page_takes_few_queries(client, harbour, bob, django_assert_max_num_queries):
    client.force_login(bob)

    with django_assert_max_num_queries(8):
        page = client.get(reverse("annotations:codebook", args=[harbour.slug])).text

    assert "Argues the author’s (or paper’s) own position." in page
