import re
from dataclasses import replace
from uuid import uuid4

import pytest
from django.urls import reverse

from annotations.models import Annotation, Claim, Code, Revision, Variable
from corpus.models import Role
from tests import factories

HTMX = {"hx-request": "true"}
TEXT = "Rain 🌧 fell. The port is closed, the minister said.\n\nShips wait outside."


@pytest.fixture
def storm(harbour):
    return factories.document(harbour, TEXT, title="Storm")


@pytest.fixture
def topic(harbour):
    """A question on passages that takes any number of answers."""
    variable = Variable.objects.create(
        codebook=harbour.codebook, key="topic", label="Topic", level=["passage"], choice="many"
    )
    for order, key in enumerate(["levy", "ships", "weather"]):
        Code.objects.create(variable=variable, key=key, label=key.capitalize(), order=order)
    return variable


def passage(document, quote="The port is closed", **fields):
    start = document.text.index(quote)
    return {
        "id": str(uuid4()),
        "document": document.pk,
        "start": start,
        "end": start + len(quote),
        "exact": quote,
        "view": f"d={document.pk}",
        **fields,
    }


def post(client, who, name, *args, data=None, htmx=True):
    client.force_login(who)
    return client.post(
        reverse(f"annotations:{name}", args=args), data or {}, headers=HTMX if htmx else {}
    )


def test_a_mark_is_stored_and_the_touched_pieces_come_back(client, harbour, storm, bob):
    claim = factories.claim(harbour, bob)
    data = passage(storm, claim=claim.pk, button="author:supports", code_certainty="certain")

    response = post(client, bob, "mark", "harbour", data=data)

    annotation = Annotation.objects.get()
    target = annotation.targets.get()
    assert str(annotation.pk) == data["id"]
    assert storm.text[target.start : target.end] == target.exact == "The port is closed"
    assert annotation.claim == claim
    assert dict(annotation.as_state().codings) == {
        "voice": "author",
        "position": "supports",
        "certainty": "certain",
    }
    html = response.content.decode()
    assert response.status_code == 200
    for piece in (f"block-{storm.pk}-0", f"claim-{claim.pk}", "undoing", "marking-status"):
        assert f'id="{piece}"' in html
    assert f"block-{storm.pk}-1" not in html
    assert str(annotation.pk) in html


def test_without_a_script_the_answer_leads_back_to_the_reader(client, harbour, storm, bob):
    data = passage(storm, button="author:supports")

    response = post(client, bob, "mark", "harbour", data=data, htmx=False)

    address = reverse("annotations:reader", args=["harbour"])
    assert response.status_code == 302
    assert response.url == f"{address}?d={storm.pk}#column-{storm.pk}"
    assert "Marked" in client.get(response.url).content.decode()


def test_a_retry_makes_no_second_mark_and_no_second_claim(client, harbour, storm, bob):
    data = passage(storm, statement="The port is shut.", button="author:supports")

    answers = [post(client, bob, "mark", "harbour", data=data).status_code for _ in range(3)]

    assert answers == [200, 200, 200]
    assert Annotation.objects.count() == Claim.objects.count() == 1
    assert Revision.objects.filter(annotation__isnull=False).count() == 1


def test_a_retry_after_a_later_change_takes_nothing_back(client, harbour, storm, bob):
    data = passage(storm, button="author:supports")
    post(client, bob, "mark", "harbour", data=data)
    mark = Annotation.objects.get()
    mark.change(replace(mark.as_state(), note="Later"), user=bob)
    moved = {**data, "note": "Earlier", "code_certainty": "possible", "start": 0, "end": 4}

    response = post(client, bob, "mark", "harbour", data={**moved, "exact": TEXT[:4]})

    assert response.status_code == 200
    assert Annotation.objects.get().note == "Later"


@pytest.mark.parametrize(
    ("button", "voice", "position"),
    [
        ("author:supports", ("author",), ("supports",)),
        ("source:supports", ("source",), ("supports",)),
        ("author:disputes", ("author",), ("disputes",)),
        ("source:disputes", ("source",), ("disputes",)),
        (":questions", (), ("questions",)),
        (":mentions", (), ("mentions",)),
    ],
)
def test_each_button_sets_voice_and_position(client, harbour, storm, bob, button, voice, position):
    post(client, bob, "mark", "harbour", data=passage(storm, button=button))

    state = Annotation.objects.get().as_state()
    assert (state.codes("voice"), state.codes("position")) == (voice, position)


def test_marking_the_same_words_again_changes_the_mark(client, harbour, storm, bob):
    claim = factories.claim(harbour, bob)
    post(
        client, bob, "mark", "harbour",
        data=passage(storm, claim=claim.pk, button="author:supports", note="Why?"),
    )  # fmt: skip

    post(client, bob, "mark", "harbour", data=passage(storm, claim=claim.pk, button=":questions"))

    state = Annotation.objects.get().as_state()
    assert state.codes("position") == ("questions",)
    assert state.note == "Why?"


def test_marking_again_keeps_what_is_not_sent_anew(client, harbour, storm, bob):
    claim = factories.claim(harbour, bob)
    first = passage(storm, claim=claim.pk, button="source:supports", code_certainty="possible")
    said = {"unsure": "on", "note": "Why?", "source_words": "the minister", "cue_words": "said"}
    post(client, bob, "mark", "harbour", data=first | said)
    before = Annotation.objects.get().as_state()
    again = passage(storm, claim=claim.pk, button="source:disputes", note="", code_stance="")

    response = post(client, bob, "mark", "harbour", data=again)

    assert response.status_code == 200
    assert Annotation.objects.get().as_state() == before.coded(position="disputes")


def test_a_page_older_than_a_merge_marks_with_the_claim_that_stayed(client, harbour, storm, bob):
    old, new = (factories.claim(harbour, bob, words) for words in ("Old.", "New."))
    data = passage(storm, claim=old.pk, button="author:supports")
    post(client, bob, "mark", "harbour", data=data)
    factories.merge(old, new, user=bob)
    again = passage(storm, claim=old.pk, button="author:disputes")

    post(client, bob, "mark", "harbour", data=again)

    mark = Annotation.objects.get()
    assert (str(mark.pk), mark.claim) == (data["id"], new)
    assert mark.as_state().codes("position") == ("disputes",)


def test_a_mark_is_taken_over_from_its_own_collection_only(client, harbour, storm, bob):
    other = factories.collection("Other", owner=bob)
    there = factories.mark(factories.document(other), bob, "port")
    data = passage(storm, button="author:supports", via=str(there.pk))

    post(client, bob, "mark", "harbour", data=data)

    assert Annotation.objects.get(pk=data["id"]).via is None


def test_overlapping_nested_and_identical_marks_stand_side_by_side(client, harbour, storm, bob):
    one, two = (factories.claim(harbour, bob, words) for words in ("One.", "Two."))
    quotes = ["The port is closed", "port is closed, the", "port", "The port is closed"]
    claims = [one, one, one, two]

    for quote, claim in zip(quotes, claims, strict=True):
        data = passage(storm, quote, claim=claim.pk, button="author:supports")
        assert post(client, bob, "mark", "harbour", data=data).status_code == 200

    assert Annotation.objects.live().count() == 4


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"start": 1}, "The words sent are not at 1 to"),
        ({"exact": "The harbour closed"}, "there stands “The port is closed”"),
        ({"end": 5000}, "5000 is not in it"),
        ({"start": "x"}, "Enter a whole number"),
        ({"document": 999_999}, "not in the collection"),
        ({"button": "author:sings"}, "Select a valid choice"),
        ({"button": "", "claim": ""}, "Choose a claim or a code, or write a note."),
        ({"claim": 999_999}, "This claim is not in the collection."),
        ({"id": "1"}, "Enter a valid UUID"),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_a_wrong_mark_is_refused_in_words(client, harbour, storm, bob, change, reason, htmx):
    data = passage(storm, button="author:supports") | change

    response = post(client, bob, "mark", "harbour", data=data, htmx=htmx)

    assert response.status_code == 422
    assert reason in response.content.decode()
    assert not Annotation.objects.exists()


def test_white_space_alone_is_no_passage(client, harbour, storm, bob):
    start = TEXT.index("\n\n")
    data = passage(storm, button=":mentions") | {"start": start, "end": start + 2, "exact": "\n\n"}

    response = post(client, bob, "mark", "harbour", data=data)

    assert response.status_code == 422
    assert "at least one word" in response.content.decode()


@pytest.mark.parametrize("htmx", [True, False])
def test_who_may_mark(client, harbour, storm, alice, bob, stranger, htmx):
    reader = factories.user("rita")
    factories.member(harbour, reader, Role.READER)

    statuses = [
        post(
            client, who, "mark", "harbour", data=passage(storm, button=":mentions"), htmx=htmx
        ).status_code
        for who in (alice, bob, reader, stranger)
    ]

    assert statuses == [*[200 if htmx else 302] * 2, 403, 404]


@pytest.mark.parametrize("name", ["edit", "move", "delete", "bring_back"])
def test_coders_change_their_own_marks_and_owners_all(
    client, harbour, storm, alice, bob, stranger, name
):
    carol, rita = factories.user("carol"), factories.user("rita")
    factories.member(harbour, carol, Role.CODER)
    factories.member(harbour, rita, Role.READER)
    mark = factories.mark(storm, bob, "port")
    data = passage(storm, "closed", button=":mentions")

    statuses = [
        post(client, who, name, mark.pk, data=data).status_code
        for who in (carol, rita, stranger, bob, alice)
    ]

    assert statuses == [403, 403, 404, 200, 200]


def test_blind_coders_do_not_reach_the_marks_of_others(client, harbour, storm, bob):
    carol = factories.user("carol")
    factories.member(harbour, carol, Role.CODER)
    harbour.blind = True
    harbour.save()
    mark = factories.mark(storm, bob, "port")

    assert post(client, carol, "delete", mark.pk).status_code == 404


def test_an_edit_changes_all_fields(client, harbour, storm, bob):
    claim = factories.claim(harbour, bob)
    mark = factories.mark(storm, bob, "The port is closed")
    data = passage(
        storm,
        "port is closed",
        version=mark.version,
        claim=claim.pk,
        button="source:disputes",
        code_certainty="possible",
        code_stance="opinion",
        note="Says who?",
        unsure="on",
        source_words="the minister",
        cue_words="said",
    )

    response = post(client, bob, "edit", mark.pk, data=data)

    state = Annotation.objects.get().as_state()
    assert response.status_code == 200
    assert [(target.role, target.exact) for target in state.targets] == [
        ("passage", "port is closed"),
        ("source", "the minister"),
        ("cue", "said"),
    ]
    assert dict(state.codings) == {
        "voice": "source",
        "position": "disputes",
        "certainty": "possible",
        "stance": "opinion",
    }
    assert (state.claim, state.note, state.unsure) == (claim.pk, "Says who?", True)


def test_a_partial_edit_leaves_the_rest_alone(client, harbour, storm, bob):
    claim = factories.claim(harbour, bob)
    mark = factories.mark(storm, bob, "port", note="Which?", unsure=True)
    before = mark.as_state()

    response = post(client, bob, "edit", mark.pk, data={"partial": "1", "claim": claim.pk})

    assert response.status_code == 200
    assert Annotation.objects.get().as_state() == replace(before, claim=claim.pk)


def test_a_code_given_by_a_key_leaves_all_else_alone(client, harbour, storm, bob, topic):
    claim = factories.claim(harbour, bob)
    data = passage(storm, claim=claim.pk, button="source:disputes", code_topic=["levy"])
    said = {"note": "Who?", "source_words": "the minister", "cue_words": "said"}
    post(client, bob, "mark", "harbour", data=data | said)
    before = Annotation.objects.get().as_state()
    sent = {"partial": "1", "code_certainty": "probable", "version": 1}

    response = post(client, bob, "edit", data["id"], data=sent)

    assert response.status_code == 200
    assert Annotation.objects.get().as_state() == before.coded(certainty="probable")


@pytest.mark.parametrize(("claimed", "motivation"), [(False, "classifying"), (True, "assessing")])
def test_a_code_alone_makes_a_mark(client, harbour, storm, bob, claimed, motivation):
    claim = factories.claim(harbour, bob).pk if claimed else ""
    data = passage(storm, code_certainty="probable", claim=claim)

    response = post(client, bob, "mark", "harbour", data=data)

    state = Annotation.objects.get().as_state()
    assert response.status_code == 200
    assert (state.motivation, state.codings) == (motivation, (("certainty", "probable"),))


def test_of_many_codes_one_is_added_and_taken_away_by_the_same_key(client, storm, bob, topic):
    mark = factories.mark(storm, bob, "port")
    codes = []

    for code in ("ships", "levy", "ships"):
        sent = {"partial": "1", "add_code_topic": code, "version": mark.version}
        assert post(client, bob, "edit", mark.pk, data=sent).status_code == 200
        mark.refresh_from_db()
        codes.append(mark.as_state().codes("topic"))

    assert codes == [("ships",), ("levy", "ships"), ("levy",)]
    assert mark.as_state().codes("position") == ("supports",)


def test_a_code_is_not_taken_away_by_a_retry(client, storm, bob, topic):
    mark = factories.mark(storm, bob, "port")
    sent = {"partial": "1", "add_code_topic": "levy", "version": 1, "id": str(uuid4())}

    statuses = [post(client, bob, "edit", mark.pk, data=sent).status_code for _ in range(2)]

    assert statuses == [200, 200]
    assert Annotation.objects.get().as_state().codes("topic") == ("levy",)


def test_a_new_mark_takes_codes_added_by_keys(client, storm, bob, topic):
    post(client, bob, "mark", "harbour", data=passage(storm, add_code_topic="levy"))
    post(client, bob, "mark", "harbour", data=passage(storm, add_code_topic="ships"))

    assert Annotation.objects.get().as_state().codes("topic") == ("levy", "ships")


def test_a_code_added_to_a_mark_by_marking_again_outlives_a_retry(client, storm, bob, topic):
    post(client, bob, "mark", "harbour", data=passage(storm, add_code_topic="levy"))
    again = passage(storm, add_code_topic="ships")

    said = [post(client, bob, "mark", "harbour", data=again).content.decode() for _ in range(2)]

    assert "Mark changed: " in said[0]
    assert "Already marked so: " in said[1]
    assert Annotation.objects.get().as_state().codes("topic") == ("levy", "ships")
    assert Revision.objects.count() == 2


def test_a_retry_after_the_mark_that_it_changed_has_moved_makes_no_second_one(
    client, storm, bob, topic
):
    post(client, bob, "mark", "harbour", data=passage(storm, add_code_topic="levy"))
    again = passage(storm, add_code_topic="ships")
    post(client, bob, "mark", "harbour", data=again)
    mark = Annotation.objects.get()
    post(client, bob, "move", mark.pk, data=passage(storm, "The port"))

    post(client, bob, "mark", "harbour", data=again)

    assert Annotation.objects.get().as_state().targets[0].exact == "The port"


@pytest.mark.parametrize("partial", [{"partial": "1"}, {"button": "author:supports"}])
def test_an_edit_keeps_codes_that_are_no_longer_asked_for(client, storm, bob, topic, partial):
    data = passage(storm, button="author:supports", code_topic=["levy", "ships"])
    post(client, bob, "mark", "harbour", data=data)
    Variable.objects.filter(pk=topic.pk).update(level=["document"])
    sent = passage(storm, version=1, note="Later", **partial) | {"id": ""}

    post(client, bob, "edit", data["id"], data=sent)

    state = Annotation.objects.get().as_state()
    assert (state.note, state.codes("topic")) == ("Later", ("levy", "ships"))


def test_a_second_edit_of_one_version_gets_both_texts_and_loses_nothing(
    client, harbour, storm, alice, bob
):
    mark = factories.mark(storm, bob, "port", note="First")
    first = passage(storm, "port", version=1, button="author:supports", note="Of bob")
    second = passage(storm, "port", version=1, button="author:disputes", note="Of alice")

    assert post(client, bob, "edit", mark.pk, data=first).status_code == 200
    response = post(client, alice, "edit", mark.pk, data=second)

    html = response.content.decode()
    assert response.status_code == 409
    assert 'id="conflict"' in html
    assert "Note: Of bob" in html
    assert "Note: Of alice" in html
    assert Annotation.objects.get().note == "Of bob"
    kept = post(client, alice, "edit", mark.pk, data={**second, "version": 2})
    assert kept.status_code == 200
    assert Annotation.objects.get().note == "Of alice"


def test_without_a_script_a_conflict_is_a_page(client, harbour, storm, alice, bob):
    mark = factories.mark(storm, bob, "port")
    mark.change(replace(mark.as_state(), note="Of bob"), user=bob)
    data = passage(storm, "port", version=1, button=":mentions")

    response = post(client, alice, "edit", mark.pk, data=data, htmx=False)

    assert response.status_code == 409
    assert "<html" in response.content.decode()


def test_a_repeated_edit_does_not_conflict_with_itself(client, harbour, storm, bob):
    mark = factories.mark(storm, bob, "port")
    data = passage(storm, "port", version=1, button=":mentions")

    answers = [post(client, bob, "edit", mark.pk, data=data).status_code for _ in range(2)]

    assert answers == [200, 200]
    assert Revision.objects.count() == 2


def test_boundaries_are_moved_and_the_source_stays(client, harbour, storm, bob):
    mark = factories.mark(storm, bob, "port")
    state = mark.as_state()
    cue = factories.passage(storm, "said", role="cue")
    mark.change(replace(state, targets=(*state.targets, cue)), user=bob)

    response = post(client, bob, "move", mark.pk, data=passage(storm, "The port is", version=2))

    moved = Annotation.objects.get().as_state()
    assert response.status_code == 200
    assert [target.exact for target in moved.targets] == ["The port is", "said"]
    assert Revision.objects.newest_first().first().action == "move"


def test_moving_an_old_version_is_a_conflict(client, harbour, storm, alice, bob):
    mark = factories.mark(storm, bob, "port")
    mark.change(replace(mark.as_state(), note="Of bob"), user=bob)

    response = post(client, alice, "move", mark.pk, data=passage(storm, "The port", version=1))

    assert response.status_code == 409
    assert "“The port”" in response.content.decode()


def test_a_deleted_mark_is_brought_back(client, harbour, storm, bob):
    mark = factories.mark(storm, bob, "port")

    post(client, bob, "delete", mark.pk)
    gone = Annotation.objects.live().count()
    post(client, bob, "delete", mark.pk)
    post(client, bob, "bring_back", mark.pk)

    assert gone == 0
    assert Annotation.objects.live().get() == mark
    assert Revision.objects.count() == 3


def test_a_stale_delete_is_a_conflict(client, harbour, storm, alice, bob):
    mark = factories.mark(storm, bob, "port")
    mark.change(replace(mark.as_state(), note="Important"), user=bob)

    response = post(client, alice, "delete", mark.pk, data={"version": 1})

    assert response.status_code == 409
    assert Annotation.objects.live().exists()


@pytest.mark.parametrize("name", ["edit", "move"])
@pytest.mark.parametrize("version", [1, 2, ""])
def test_a_deleted_mark_changes_only_where_it_is_brought_back(
    client, storm, alice, bob, name, version
):
    mark = factories.mark(storm, bob, "port")
    factories.delete(mark, user=alice)
    sent = passage(storm, "The port", partial="1", version=version) | {"id": ""}

    refused = post(client, bob, name, mark.pk, data=sent)
    deleted = Annotation.objects.get().as_state()
    kept = dict(refused.context["kept"])
    answer = post(client, bob, name, mark.pk, data={**kept, "version": 2, "bring_back": "1"})

    html = refused.content.decode()
    assert (refused.status_code, answer.status_code) == (409, 200)
    assert "alice deleted it" in html
    assert 'name="bring_back" value="1"' in html
    assert (deleted.deleted, deleted.targets[0].exact) == (True, "port")
    assert Annotation.objects.live().get().as_state().targets[0].exact == "The port"


def test_the_form_of_a_deleted_mark_brings_it_back(client, storm, bob):
    mark = factories.mark(storm, bob, "port")
    factories.delete(mark, user=bob)
    client.force_login(bob)

    page = client.get(reverse("annotations:edit", args=[mark.pk]))

    assert "Save and bring back" in page.content.decode()
    assert page.context["form"]["bring_back"].value() is True


def chosen(page, name):
    """What a browser would send of a <select>: the chosen option, or else the first."""
    options = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL)[0]
    found = re.findall(r'<option value="(\d*)"( selected)?>', options)
    return next((value for value, selected in found if selected), found[0][0])


@pytest.mark.parametrize("motivation", ["assessing", "linking"])
@pytest.mark.parametrize("gone", ["merged", "deleted", "both"])
def test_the_form_of_a_deleted_mark_keeps_its_claim(client, harbour, storm, bob, gone, motivation):
    claim, other = (factories.claim(harbour, bob, words) for words in ("One.", "Two."))
    mark = factories.mark(storm, bob, "port", claim=claim)
    sent = {"words": "port", "button": "author:supports"}
    if motivation == "linking":
        there = factories.passage(factories.document(harbour), "port")
        state = replace(mark.as_state(), motivation="linking", codings=(("change", "same"),))
        mark.change(replace(state, targets=(*state.targets, there)), user=bob)
        sent = {"codes": "same"}
    factories.delete(mark, user=bob)
    if gone != "deleted":
        factories.merge(claim, other, user=bob)
    kept = claim if gone == "deleted" else other
    if gone != "merged":
        factories.delete(Claim.objects.get(pk=kept.pk), user=bob)
    client.force_login(bob)

    page = client.get(reverse("annotations:edit", args=[mark.pk])).content.decode()
    data = passage(storm, "port", claim=chosen(page, "claim"), bring_back="on", **sent)
    response = post(client, bob, "edit", mark.pk, data=data)

    assert ("(deleted; comes back with the mark)" in page) == (gone != "merged")
    assert ('id="claims"' in response.content.decode()) == (gone != "merged")
    assert Annotation.objects.live().get().claim == kept
    assert kept in Claim.objects.current()


def test_codes_given_before_the_codebook_took_one_only_stay(client, storm, bob, topic):
    data = passage(storm, button="author:supports", code_topic=["levy", "ships"])
    post(client, bob, "mark", "harbour", data=data)
    Variable.objects.filter(pk=topic.pk).update(choice="one")

    moved = post(client, bob, "move", data["id"], data=passage(storm, "The port"))
    noted = post(client, bob, "edit", data["id"], data={"partial": "1", "note": "Hm"})
    kept = Annotation.objects.get().as_state()
    gone = post(client, bob, "delete", data["id"])

    assert [answer.status_code for answer in (moved, noted, gone)] == [200, 200, 200]
    assert (kept.note, kept.codes("topic")) == ("Hm", ("levy", "ships"))
    assert not Annotation.objects.live().exists()


# --- what no page of ours sends -------------------------------------------------------------------

HUGE, LONG = "9" * 20, "9" * 5000


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        {"exact": "\0ab"},
        {"start": LONG, "end": LONG},
        {"end": HUGE},
        {"document": HUGE},
        {"document": LONG},
        {"claim": HUGE},
        {"version": LONG},
        {"view": f"d={HUGE}"},
        {"view": f"d={LONG}"},
        {"view": "d=one"},
    ],
)
def test_what_cannot_be_a_passage_is_refused_and_nothing_breaks(
    client, harbour, storm, bob, change, htmx
):
    data = passage(storm, button="author:supports") | change

    response = post(client, bob, "mark", "harbour", data=data, htmx=htmx)

    assert response.status_code == 422
    assert not Annotation.objects.exists()


@pytest.mark.parametrize("name", ["edit", "move", "delete", "bring_back", "offers"])
@pytest.mark.parametrize("change", [{"version": LONG}, {"view": f"d={HUGE}"}])
def test_what_cannot_be_a_change_is_refused_and_nothing_breaks(client, storm, bob, name, change):
    mark = factories.mark(storm, bob, "port")
    data = passage(storm, "The port", partial="1") | change

    assert post(client, bob, name, mark.pk, data=data).status_code == 422


@pytest.mark.parametrize(
    ("query", "status"),
    [({"d": HUGE}, 404), ({"d": LONG}, 404), ({"start": LONG, "end": HUGE}, 200)],
)
def test_a_form_is_not_asked_for_with_impossible_numbers(client, storm, bob, query, status):
    client.force_login(bob)

    response = client.get(reverse("annotations:mark", args=["harbour"]), {"d": storm.pk} | query)

    assert response.status_code == status


# --- the page without a script -------------------------------------------------------------------


def test_the_form_offers_the_words_the_claims_and_every_question(client, harbour, storm, bob):
    factories.claim(harbour, bob, "The port is closed.")
    client.force_login(bob)

    page = client.get(
        reverse("annotations:mark", args=["harbour"]), {"d": storm.pk, "start": 0, "end": 51}
    ).content.decode()

    assert "1. The port is closed." in page
    assert "Reports a denial" in page
    assert "Rain 🌧 fell." in page
    assert 'name="code_certainty"' in page
    assert 'name="code_stance"' in page


def test_words_are_looked_up_where_a_script_would_send_offsets(client, harbour, storm, bob):
    sentence = TEXT.index("The port")
    data = {
        "document": storm.pk,
        "start": sentence,
        "end": sentence + 38,
        "words": "  port   is closed ",
        "button": "author:supports",
    }

    post(client, bob, "mark", "harbour", data=data, htmx=False)

    target = Annotation.objects.get().targets.get()
    assert (target.start, target.exact) == (sentence + 4, "port is closed")


@pytest.mark.parametrize(
    ("words", "reason"), [("harbour", "not in this passage"), ("s", "more than once")]
)
def test_words_that_cannot_be_placed_are_explained(client, harbour, storm, bob, words, reason):
    data = {
        "document": storm.pk,
        "start": 0,
        "end": 40,
        "words": words,
        "button": "author:supports",
    }

    response = post(client, bob, "mark", "harbour", data=data, htmx=False)

    assert response.status_code == 422
    assert reason in response.content.decode()


def test_the_form_of_a_stored_mark_is_filled_in(client, harbour, storm, bob):
    claim = factories.claim(harbour, bob)
    mark = factories.mark(storm, bob, "port", claim=claim, note="Which one?")
    client.force_login(bob)

    response = client.get(reverse("annotations:edit", args=[mark.pk]))

    form = response.context["form"]
    page = response.content.decode()
    assert form["button"].value() == "author:supports"
    assert form["claim"].value() == claim.pk
    assert "Which one?" in page
    assert "bob: create" in page


def test_who_seems_to_say_it_is_offered_and_not_stored(client, harbour, bob):
    document = factories.document(harbour, "“The port is shut,” Zoë Varga said on Monday.")
    mark = factories.mark(document, bob, "The port is shut", voice="source")
    client.force_login(bob)

    response = client.get(reverse("annotations:edit", args=[mark.pk]))

    assert response.context["spoken"] == [
        ("source_words", "Source", "Zoë Varga"),
        ("cue_words", "Cue", "said"),
    ]
    assert response.context["form"]["source_words"].value() is None


def test_a_mark_whose_codes_no_button_has_keeps_them(client, harbour, storm, bob):
    mark = factories.mark(storm, bob, "port", voice=None, position="supports")

    post(client, bob, "edit", mark.pk, data={"partial": "1", "note": "Hm"})

    assert Annotation.objects.get().as_state().codings == (("position", "supports"),)


def test_a_source_who_questions_keeps_the_voice(client, harbour, storm, bob):
    data = passage(storm, button=":questions", code_voice="source")

    post(client, bob, "mark", "harbour", data=data)

    assert Annotation.objects.get().as_state().codes("voice") == ("source",)


# --- bounds ---------------------------------------------------------------------------------------


def test_storing_a_mark_takes_the_same_queries_however_much_is_there(
    client, harbour, storm, bob, django_assert_max_num_queries
):
    for number in range(30):
        claim = factories.claim(harbour, bob, f"Claim {number}.")
        factories.mark(storm, bob, "port", claim=claim)
    data = passage(storm, claim=claim.pk, button="author:supports")
    client.force_login(bob)
    address = reverse("annotations:mark", args=["harbour"])

    with django_assert_max_num_queries(46):
        assert client.post(address, data, headers=HTMX).status_code == 200


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("name", ["mark", "edit", "add_claim"])
def test_a_new_claim_that_repeats_another_offers_to_merge_them(
    client, harbour, storm, bob, name, htmx
):
    harbour.blind = False
    harbour.save()
    known = factories.claim(harbour, bob, "The port is closed to ships.")
    statement = "The port is closed to ships"
    if name == "add_claim":
        response = post(client, bob, name, "harbour", data={"statement": statement}, htmx=htmx)
    elif name == "mark":
        data = passage(storm, statement=statement, button="author:supports")
        response = post(client, bob, name, "harbour", data=data, htmx=htmx)
    else:
        mark = factories.mark(storm, bob, "The port is closed")
        data = passage(storm, statement=statement, version=1)
        response = post(client, bob, name, mark.pk, data=data, htmx=htmx)

    html = (response if htmx else client.get(response.url)).content.decode()

    made = Claim.objects.exclude(pk=known.pk).get()
    address = reverse("annotations:claim_merge", args=["harbour", made.pk])
    assert "Nearly the same as" in html
    assert f'<a href="{address}?into={known.pk}"' in html
    assert " checked" in client.get(address, {"into": known.pk}).content.decode()


def test_while_coding_is_blind_a_coder_is_told_and_not_sent_to_merge(client, harbour, storm, bob):
    factories.claim(harbour, bob, "The port is closed to ships.")
    harbour.blind = True
    harbour.save()
    data = passage(storm, statement="the PORT is closed to ships", button="author:supports")

    html = post(client, bob, "mark", "harbour", data=data).content.decode()

    assert "Nearly the same as" in html
    assert "/merge/" not in html


def test_a_statement_is_never_read_as_html(client, harbour, storm, bob):
    factories.claim(harbour, bob, "The <b>port</b> is closed to ships.")
    data = passage(storm, statement="The <b>port</b> is closed to ships", button="author:supports")

    html = post(client, bob, "mark", "harbour", data=data).content.decode()

    assert "The &lt;b&gt;port&lt;/b&gt; is closed" in html
    assert "<b>port" not in html


@pytest.mark.parametrize("merged", [False, True])
def test_a_mark_brought_back_brings_its_claim_back_and_says_so(client, bob, storm, merged):
    claim = factories.claim(storm.collection, bob, "Nobody was asked.")
    first = factories.claim(storm.collection, bob, "No one was asked.") if merged else claim
    mark = factories.mark(storm, bob, "port", claim=first)
    factories.delete(mark, user=bob)
    if merged:
        factories.merge(first, claim, user=bob)
    factories.delete(claim, user=bob)
    client.force_login(bob)

    address = reverse("annotations:bring_back", args=[mark.pk])
    html = client.post(address, {"view": f"d={storm.pk}"}, headers=HTMX).content.decode()

    claim.refresh_from_db()
    assert "Brought back, and with it the claim “Nobody was asked.”" in html
    assert claim.deleted_at is None
    assert 'id="claims"' in html


def test_a_mark_moved_and_brought_back_shows_the_claim_that_came_with_it(client, bob, storm):
    claim = factories.claim(storm.collection, bob, "Nobody was asked.")
    mark = factories.mark(storm, bob, "port", claim=claim)
    factories.delete(mark, user=bob)
    factories.delete(claim, user=bob)

    response = post(client, bob, "move", mark.pk, data=passage(storm, "The port", bring_back="on"))

    assert 'id="claims"' in response.content.decode()
    assert claim in Claim.objects.current()
