"""Claims and marks that are put away: by the acts."""

import pytest
from django.core.exceptions import ValidationError

from annotations.acts import claims, marks, undoing
from annotations.acts.claims import Absence, Merging
from annotations.acts.done import Seen
from annotations.acts.marks import Change, Marking
from annotations.models import Annotation, Claim, ClaimInUse, EditConflict, Revision
from annotations.states import AnnotationState
from corpus.models import Document
from tests import factories


def states():
    return {row.pk: row.as_state() for row in (*Annotation.objects.all(), *Claim.objects.all())}


def live():
    return Annotation.objects.live().count(), Claim.objects.current().count()


def again(row):
    return type(row).objects.get(pk=row.pk)


# --- marks ------------------------------------------------------------------------------------------


def test_a_mark_is_archived_and_taken_out_each_with_a_revision(harbour, alice, said):
    mark = said[0]
    before = mark.as_state()

    marks.archive(harbour, alice, Seen(mark, mark.version))
    marks.archive(harbour, alice, Seen(mark, 1))

    assert again(mark).archived_at is not None
    assert list(Annotation.objects.archived()) == [mark]
    assert mark not in Annotation.objects.live()

    marks.take_out(harbour, alice, again(mark))

    assert again(mark).as_state() == before
    actions = list(mark.revisions.order_by("pk").values_list("action", flat=True))
    assert actions == ["create", "archive", "take out"]


def test_the_log_says_nothing_of_what_is_not_archived(harbour, alice, said):
    marks.archive(harbour, alice, Seen(said[0]))

    assert "archived" not in said[0].revisions.get(action="create").after
    assert "archived" not in said[0].revisions.get(action="archive").before
    assert said[0].revisions.get(action="archive").after["archived"] is True


def test_undo_and_redo_of_a_mark(harbour, alice, said):
    marks.archive(harbour, alice, Seen(said[0]))

    undoing.undo(harbour, alice)
    assert again(said[0]).archived_at is None
    undoing.redo(harbour, alice)
    assert again(said[0]).archived_at is not None


def test_a_stale_version_and_a_deleted_mark_are_refused(harbour, alice, said):
    with pytest.raises(EditConflict):
        marks.archive(harbour, alice, Seen(said[0], 9))
    factories.delete(said[0], user=alice)
    with pytest.raises(EditConflict):
        marks.archive(harbour, alice, Seen(again(said[0])))

    assert not Annotation.objects.filter(archived_at__isnull=False).exists()


def test_an_archived_mark_is_not_changed(harbour, alice, said, storm):
    factories.archive(said[0], user=alice)
    mark = again(said[0])

    with pytest.raises(ValidationError, match="archived"):
        marks.change(harbour, alice, Change(mark, mark.as_state().coded(position="disputes")))

    assert again(mark).version == mark.version


def test_a_mark_on_an_archived_document_stays(harbour, alice, said, storm):
    Document.objects.filter(pk=storm.pk).update(archived_at=storm.imported_at)

    with pytest.raises(ValidationError, match="read, and marked no more"):
        marks.archive(harbour, alice, Seen(said[0]))


def test_an_archived_answer_leaves_room_for_another(harbour, alice, storm):
    first = factories.stance(storm, alice, "reporting")
    factories.archive(first, user=alice)
    factories.stance(storm, alice, "opinion")

    with pytest.raises(ValidationError):
        marks.take_out(harbour, alice, again(first))


# --- claims -----------------------------------------------------------------------------------------


def test_a_claim_takes_all_along_in_one_operation(harbour, alice, said, closed):
    before = states()

    claims.archive(harbour, alice, Seen(closed, closed.version))

    assert live() == (0, 0)
    assert Annotation.objects.archived().count() == 3
    assert Revision.objects.filter(action="archive").values("operation").distinct().count() == 1
    claims.take_out(harbour, alice, again(closed))
    assert states() == before


@pytest.mark.parametrize("way", ["undo", "take out"])
def test_it_brings_back_only_what_went_with_it(harbour, alice, said, closed, way):
    factories.archive(said[0], user=alice)
    claims.archive(harbour, alice, Seen(again(closed)))

    if way == "undo":
        undoing.undo(harbour, alice)
    else:
        claims.take_out(harbour, alice, again(closed))

    assert live() == (2, 1)
    assert list(Annotation.objects.archived()) == [said[0]]


def test_undo_and_redo_of_both_acts(harbour, alice, said, closed):
    before = states()
    claims.archive(harbour, alice, Seen(closed))
    away = states()
    claims.take_out(harbour, alice, again(closed))

    undoing.undo(harbour, alice)
    assert states() == away
    # What an undo has put away comes back as a whole too.
    undoing.undo(harbour, alice)
    assert states() == before
    undoing.redo(harbour, alice)
    assert states() == away
    undoing.redo(harbour, alice)
    assert states() == before


def test_what_an_undo_has_put_away_is_taken_out_whole(harbour, alice, said, closed):
    before = states()
    claims.archive(harbour, alice, Seen(closed))
    claims.take_out(harbour, alice, again(closed))
    undoing.undo(harbour, alice)

    claims.take_out(harbour, alice, again(closed))

    assert states() == before


def test_undo_does_not_archive_a_claim_under_new_marks(harbour, alice, bob, said, closed, storm):
    claims.archive(harbour, alice, Seen(closed))
    claims.take_out(harbour, alice, again(closed))
    factories.mark(storm, bob, "Ships", claim=closed)

    with pytest.raises(undoing.Refused) as refused:
        undoing.undo(harbour, alice)

    assert "in use" in refused.value.reason

    assert again(closed).current


def test_twice_is_once_and_what_is_gone_is_refused(harbour, alice, said, closed):
    claims.archive(harbour, alice, Seen(closed))
    count = Revision.objects.count()

    claims.archive(harbour, alice, Seen(closed))
    assert Revision.objects.count() == count

    claims.take_out(harbour, alice, again(closed))
    other = factories.claim(harbour, alice, "Ships wait.")
    factories.merge(again(closed), other, user=alice)
    for act, values in ((claims.archive, Seen(again(closed))), (claims.take_out, again(closed))):
        with pytest.raises(EditConflict):
            act(harbour, alice, values)


def test_nothing_is_said_of_an_archived_claim(harbour, alice, bob, said, closed, storm, calm):
    factories.delete(said[1], user=bob)
    claims.archive(harbour, alice, Seen(closed))
    before = states()
    passage = AnnotationState(
        "assessing", (factories.passage(storm, "Ships"),), claim=closed.pk
    ).coded(position="supports")
    tried = {
        "mark": lambda: marks.mark(harbour, bob, Marking(passage)),
        "bring back": lambda: marks.bring_back(harbour, bob, again(said[1])),
        "take out": lambda: marks.take_out(harbour, alice, again(said[0])),
        "absent": lambda: claims.confirm_absent(harbour, alice, Absence(again(closed), calm)),
        "state": lambda: claims.state(harbour, bob, "the HARBOUR is shut."),
    }
    for name, act in tried.items():
        with pytest.raises(ValidationError, match="claim is archived"):
            act()
        assert states() == before, name
    with pytest.raises(undoing.Refused) as refused:
        undoing.undo(harbour, bob)
    assert refused.value.reason == undoing.AWAY
    assert states() == before


def test_merging_takes_archived_marks_along_and_not_out(harbour, alice, said, closed):
    factories.archive(said[0], user=alice)
    other = factories.claim(harbour, alice, "Ships wait.")
    claims.merge(harbour, alice, Merging(again(closed), other))

    assert again(said[0]).claim == other
    assert again(said[0]).archived_at is not None

    undoing.undo(harbour, alice)
    assert again(said[0]).claim == closed


def test_an_archived_claim_takes_no_other(harbour, alice, said, closed):
    other = factories.claim(harbour, alice, "Ships wait.")
    factories.archive(closed, user=alice)

    with pytest.raises(ValueError, match="current"):
        claims.merge(harbour, alice, Merging(other, again(closed)))


def test_a_claim_with_archived_marks_is_not_deleted(harbour, alice, said, closed):
    for mark in said:
        factories.archive(mark, user=alice)

    with pytest.raises(ClaimInUse):
        claims.delete(harbour, alice, Seen(again(closed)))


def test_marks_of_a_deleted_document_go_and_come_too(harbour, alice, said, closed, storm):
    Document.objects.filter(pk=storm.pk).update(deleted_at=storm.imported_at)
    before = states()

    claims.archive(harbour, alice, Seen(closed))
    Document.everything.filter(pk=storm.pk).update(deleted_at=None)
    assert live() == (0, 0)

    claims.take_out(harbour, alice, again(closed))
    assert states() == before
