from dataclasses import replace
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from annotations.acts.undoing import redo, undo
from annotations.models import (
    Annotation,
    AppendOnly,
    Claim,
    Code,
    Codebook,
    Coding,
    EditConflict,
    QuoteMismatch,
    Revision,
    Target,
    Variable,
    default_codebook,
)
from annotations.states import AnnotationState, TargetState
from corpus.models import Role
from tests import factories


def test_the_default_codebook_survives_the_database(harbour):
    data = default_codebook()

    stored = harbour.codebook.as_dict()

    def kept(before, after):
        if isinstance(before, dict):
            return all(kept(value, after.get(key)) for key, value in before.items() if value)
        if isinstance(before, list):
            return len(before) == len(after) and all(map(kept, before, after))
        return before == after

    assert kept(data["variables"], stored["variables"])
    assert stored["derived"] == data["derived"]


def test_a_mark_keeps_its_words_and_their_surroundings(harbour, bob):
    document = factories.document(harbour, "Rain 🌧 fell. The port is closed.")

    annotation = factories.mark(document, bob, "The port")

    target = annotation.targets.get()
    assert document.text[target.start : target.end] == target.exact == "The port"
    assert target.prefix == "Rain 🌧 fell. "
    assert target.suffix == " is closed."
    assert annotation.codebook_version == 1


def test_words_that_are_not_there_are_refused(harbour, bob):
    document = factories.document(harbour)
    state = AnnotationState("assessing", (TargetState(document.pk, 0, 3, "Tea"),))

    with pytest.raises(QuoteMismatch, match="not at 0 to 3"):
        Annotation.objects.record(state, collection=harbour, user=bob)

    assert not Annotation.objects.exists()


def test_a_repeated_request_makes_one_annotation(harbour, bob):
    document = factories.document(harbour)
    state = AnnotationState("assessing", (factories.passage(document, "port"),))
    key = uuid4()

    for _ in range(2):
        Annotation.objects.record(state, collection=harbour, user=bob, id=key)

    assert Annotation.objects.count() == Revision.objects.count() == 1
    with pytest.raises(EditConflict):
        Annotation.objects.record(
            replace(state, note="other"), collection=harbour, user=bob, id=key
        )


def test_a_coder_gives_a_document_one_stance(harbour, alice, bob):
    document = factories.document(harbour)
    factories.stance(document, bob, "reporting")
    factories.stance(document, alice, "opinion")

    with pytest.raises(ValidationError, match="already coded"):
        factories.stance(document, bob, "opinion")

    assert Coding.objects.filter(document=document).count() == 2


def test_the_database_itself_refuses_a_second_stance(harbour, bob):
    document = factories.document(harbour)
    factories.stance(document, bob, "reporting")
    coding = Coding.objects.get()
    other = factories.mark(document, bob, "port", voice=None, position=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        Coding.objects.create(
            annotation=other,
            variable=coding.variable,
            code=coding.code,
            creator=bob,
            document=document,
        )


def test_a_deleted_stance_makes_room_for_another(harbour, bob):
    document = factories.document(harbour)
    factories.delete(factories.stance(document, bob, "reporting"), user=bob)

    factories.stance(document, bob, "opinion")

    assert Annotation.objects.live().count() == 1


@pytest.mark.parametrize(("start", "end", "exact"), [(3, 3, ""), (5, 2, "x"), (None, 2, "x")])
def test_the_database_refuses_an_empty_span(harbour, bob, start, end, exact):
    annotation = factories.mark(factories.document(harbour), bob, "port")

    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(
            annotation=annotation,
            document=annotation.targets.get().document,
            start=start,
            end=end,
            exact=exact,
        )


def test_every_change_is_logged_and_the_log_is_append_only(harbour, bob):
    annotation = factories.mark(factories.document(harbour), bob, "port")

    annotation.change(replace(annotation.as_state(), note="Which one?"), user=bob)
    factories.delete(annotation, user=bob)

    actions = list(Revision.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["create", "edit", "delete"]
    with pytest.raises(AppendOnly):
        Revision.objects.all().delete()
    with pytest.raises(AppendOnly):
        Revision.objects.update(action="x")


def test_a_change_made_on_an_old_version_is_refused(harbour, alice, bob):
    annotation = factories.mark(factories.document(harbour), bob, "port")
    annotation.change(replace(annotation.as_state(), note="One"), user=bob)

    with pytest.raises(EditConflict) as conflict:
        annotation.change(replace(annotation.as_state(), note="Two"), user=alice, version=1)

    assert conflict.value.current.note == "One"


def test_undo_and_redo_walk_through_create_edit_and_delete(harbour, bob):
    annotation = factories.mark(factories.document(harbour), bob, "port")
    annotation.change(replace(annotation.as_state(), note="Which?"), user=bob)
    factories.delete(annotation, user=bob)

    def now():
        fresh = Annotation.objects.get()
        return fresh.note, fresh.deleted

    seen = [now()]
    for _ in range(3):
        undo(harbour, bob)
        seen.append(now())
    for _ in range(3):
        redo(harbour, bob)
        seen.append(now())
    assert seen == [
        ("Which?", True),
        ("Which?", False),
        ("", False),
        ("", True),
        ("", False),
        ("Which?", False),
        ("Which?", True),
    ]
    assert undo(harbour, bob).words.startswith("Undone")
    assert redo(harbour, factories.member(harbour, factories.user("carol")).user).words == (
        "Nothing to redo."
    )


def test_undo_leaves_alone_what_somebody_else_has_changed_since(harbour, alice, bob):
    annotation = factories.mark(factories.document(harbour), bob, "port")
    annotation.change(replace(annotation.as_state(), note="Mine"), user=alice)

    with pytest.raises(EditConflict):
        undo(harbour, bob)

    assert Annotation.objects.get().note == "Mine"


def test_merging_claims_keeps_all_occurrences_and_is_undone_as_one(harbour, alice, bob):
    document = factories.document(harbour)
    one = factories.claim(harbour, alice, "The port is closed.")
    two = factories.claim(harbour, alice, "The port is shut.")
    factories.mark(document, bob, "port", claim=two)
    factories.mark(document, bob, "closed", claim=two)

    factories.merge(two, one, user=alice)

    assert one.annotations.count() == 2
    assert list(Claim.objects.current()) == [one]

    undo(harbour, alice)

    assert two.annotations.count() == 2
    assert Claim.objects.current().count() == 2


def test_a_code_that_the_codebook_lacks_is_refused(harbour, bob):
    with pytest.raises(Code.DoesNotExist, match="no code sideways in position"):
        factories.mark(factories.document(harbour), bob, "port", position="sideways")


def test_blind_coders_see_only_their_own_marks(harbour, alice, bob, stranger):
    carol = factories.user("carol")
    factories.member(harbour, carol, Role.CODER)
    annotation = factories.mark(factories.document(harbour), bob, "port")

    def who_sees():
        people = (alice, bob, carol, stranger)
        return [
            person.username for person in people if Annotation.objects.visible_to(person).exists()
        ]

    assert who_sees() == ["alice", "bob", "carol"]
    harbour.blind = True
    harbour.save()
    assert who_sees() == ["alice", "bob"]
    assert Annotation.objects.visible_to(bob).get() == annotation


def test_a_collection_goes_with_everything_in_it(harbour, bob, alice):
    document = factories.document(harbour)
    factories.mark(document, bob, "port", claim=factories.claim(harbour, alice))
    factories.stance(document, bob, "reporting")

    harbour.delete()

    assert not Annotation.objects.exists()
    assert not Codebook.objects.exists()


def test_two_codes_in_a_single_choice_are_refused(harbour, bob):
    document = factories.document(harbour)
    state = AnnotationState(
        "assessing",
        (factories.passage(document, "port"),),
        codings=(("position", "supports"), ("position", "disputes")),
    )

    with pytest.raises(ValidationError, match="takes one code"):
        Annotation.objects.record(state, collection=harbour, user=bob)

    assert not Annotation.objects.exists()


def test_two_changes_of_one_mark_in_one_operation_are_undone_together(harbour, bob):
    annotation = factories.mark(factories.document(harbour), bob, "port")
    operation = uuid4()
    for note in ("One", "Two"):
        state = replace(annotation.as_state(), note=note)
        annotation.change(state, user=bob, operation=operation)

    undo(harbour, bob)
    assert Annotation.objects.get().note == ""

    redo(harbour, bob)
    assert Annotation.objects.get().note == "Two"


def test_a_mark_keeps_its_codebook_version_until_it_is_coded_anew(harbour, alice, bob):
    mark = factories.mark(factories.document(harbour), bob, "port")
    Codebook.objects.get(collection=harbour).changed("Reworded", user=alice)

    mark.change(replace(mark.as_state(), note="No new code."), user=bob)
    noted = mark.codebook_version
    mark.change(mark.as_state().coded(position="disputes"), user=bob)

    assert (noted, mark.codebook_version) == (1, 2)


def test_a_mark_of_two_codes_outlives_a_variable_that_comes_to_take_one(harbour, bob):
    topic = Variable.objects.create(
        codebook=harbour.codebook, key="topic", label="Topic", choice="many", level=["passage"]
    )
    for key in "abc":
        Code.objects.create(variable=topic, key=key, label=key)
    mark = factories.mark(factories.document(harbour), bob, "port")
    state = mark.as_state()
    mark.change(replace(state, codings=(*state.codings, ("topic", "a"), ("topic", "b"))), user=bob)
    Variable.objects.filter(pk=topic.pk).update(choice="one")

    factories.delete(mark, user=bob)
    undo(harbour, bob)

    assert mark.as_state().codes("topic") == ("a", "b")
    more = (*mark.as_state().codings, ("topic", "c"))
    with pytest.raises(ValidationError):
        mark.change(replace(mark.as_state(), codings=more), user=bob)


def test_codes_and_claim_are_looked_up_once_for_a_change(harbour, bob):
    claim = factories.claim(harbour, bob)
    mark = factories.mark(factories.document(harbour), bob, "port", claim=claim)
    state = replace(mark.as_state(), note="Why?")

    with CaptureQueriesContext(connection) as queries:
        mark.change(state, user=bob)

    asked = [query["sql"] for query in queries]
    codes = [sql for sql in asked if sql.startswith("SELECT") and 'FROM "annotations_code" ' in sql]
    claims = [sql for sql in asked if '"annotations_claim"."collection_id" = ' in sql]
    assert (len(codes), len(claims)) == (1, 1)


def test_naming_a_merged_claim_again_changes_nothing(harbour, alice, bob):
    old, new = factories.claim(harbour, alice, "A"), factories.claim(harbour, alice, "B")
    mark = factories.mark(factories.document(harbour), bob, "port", claim=old)
    factories.merge(old, new, user=alice)
    mark.refresh_from_db()

    mark.change(replace(mark.as_state(), claim=old.pk), user=bob)

    assert mark.claim == new
    assert mark.revisions.by(bob).count() == 1
