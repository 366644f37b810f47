import json
import os
import subprocess
import sys
from collections import Counter
from io import StringIO

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

from annotations import sample
from annotations.acts.undoing import undo
from annotations.models import (
    Annotation,
    Claim,
    Code,
    Coding,
    Revision,
    Target,
    default_codebook,
)
from annotations.states import AnnotationState, ClaimState
from corpus.models import Collection, Document
from tests import again, factories


@pytest.fixture
def loaded(db) -> Collection:
    return again.sample()


def demo() -> str:
    out = StringIO()
    call_command("demo", "--no-server", stdout=out)
    return out.getvalue()


def live_codings(variable: str):
    return Coding.objects.filter(variable__key=variable, annotation__deleted_at__isnull=True)


# --- what is in it --------------------------------------------------------------------------------


def test_the_sample_tells_one_event_six_ways(loaded):
    names = loaded.documents.in_order().values_list("original_name", flat=True)

    assert sorted(names) == [
        "001-wire.txt",
        "002-rewrite.txt",
        "003-broadcast.txt",
        "004-column.txt",
        "005-statement.txt",
        "006-republished.txt",
    ]


def test_every_document_has_canonical_text_and_its_sentences(loaded):
    for document in loaded.documents.all():
        again = Document.with_text(document.text)

        assert again.text == document.text
        assert again.sha256 == document.sha256
        assert again.sentences == document.sentences
        assert again.paragraphs == document.paragraphs
        assert document.length == len(document.text)


def test_every_quotation_is_where_its_target_says(loaded):
    targets = Target.objects.filter(start__isnull=False).select_related("document")

    wrong = [row for row in targets if row.document.text[row.start : row.end] != row.exact]

    assert len(targets) > 200
    assert wrong == []


def test_every_code_is_one_of_the_default_codebook(loaded):
    known = {
        (variable["key"], code["key"])
        for top in default_codebook()["variables"]
        for variable in (top, *top.get("fields", []))
        for code in variable.get("codes", [])
    }

    assert set(Code.objects.values_list("variable__key", "key")) == known
    assert set(Coding.objects.values_list("variable__key", "code__key")) <= known


def test_three_coders_who_cannot_sign_in_have_marked_every_document(loaded):
    coders = User.objects.filter(memberships__collection=loaded).order_by("username")

    assert [coder.username for coder in coders] == ["ana", "ben", "chidi"]
    assert not any(coder.has_usable_password() for coder in coders)
    for coder in coders:
        coded = live_codings("stance").filter(creator=coder, document__isnull=False)
        assert coded.count() == 6


@pytest.mark.parametrize(
    "variable", ["stance", "origin", "claim_type", "voice", "position", "presence", "certainty"]
)
def test_every_code_of_the_core_variables_is_used(loaded, variable):
    unused = Code.objects.filter(
        variable__key=variable, codings__isnull=True, claim_codings__isnull=True
    )

    # Nothing in the sample is of unknown origin.
    assert set(unused.values_list("key", flat=True)) <= {"unknown"}


def test_absent_differs_from_not_looked_at(loaded):
    absent = set(live_codings("presence").values_list("creator", "document", "claim"))
    marked = set(
        Annotation.objects.live()
        .filter(targets__start__isnull=False, claim__isnull=False)
        .values_list("creator", "targets__document", "claim")
    )
    cells = 3 * loaded.documents.count() * loaded.claims.current().count()

    assert absent
    assert not absent & marked
    assert len(absent | marked) < cells


def test_marks_overlap_nest_and_link_two_documents(loaded):
    passages = Target.objects.filter(start__isnull=False, role="passage")
    spans = list(passages.values_list("document", "start", "end"))
    nested = [
        (one, other)
        for one in spans
        for other in spans
        if one[0] == other[0] and one[1] < other[1] and other[2] <= one[2]
    ]
    pairs = Annotation.objects.live().filter(motivation="linking").with_parts()

    assert nested
    assert pairs
    for pair in pairs:
        assert len({target.document_id for target in pair.targets.all()}) == 2
        assert {coding.variable.key for coding in pair.codings.all()} == {"change"}


def test_the_emoji_the_accents_and_the_right_to_left_quotation_are_marked(loaded):
    quotes = "\n".join(Target.objects.values_list("exact", flat=True))

    assert "👷🏽‍♀️🌊" in quotes
    assert "Aurélie" in quotes
    assert "لن ندفع ثمن طين لم نضعه في الميناء" in quotes


def test_the_coders_agree_for_the_most_part_but_not_always(loaded):
    """Krippendorff's alpha, nominal: 1 - observed / expected disagreement."""
    for variable in ("stance", "origin"):
        units: dict[int, Counter] = {}
        rows = live_codings(variable).filter(document__isnull=False)
        for document, code in rows.values_list("document", "code__key"):
            units.setdefault(document, Counter())[code] += 1

        assert 0.6 <= alpha(list(units.values())) <= 0.85


def alpha(units: list[Counter]) -> float:
    values = sum(units, Counter())
    total = values.total()
    observed = sum(
        sum(count * (unit.total() - count) for count in unit.values()) / (unit.total() - 1)
        for unit in units
    )
    expected = sum(count * (total - count) for count in values.values()) / (total - 1)
    return 1 - observed / expected


def test_the_links_of_the_republished_copy_left_their_words_behind(loaded):
    copy = loaded.documents.get(original_name="006-republished.txt")

    assert b"](https://" in copy.original
    assert "](" not in copy.text
    assert "pay from July: 3.40 florins for every tonne" in copy.text


# --- how it came about ----------------------------------------------------------------------------


def test_the_log_ends_with_what_is_stored(loaded):
    for annotation in Annotation.objects.with_parts().prefetch_related("revisions"):
        last = max(annotation.revisions.all(), key=lambda revision: revision.pk)

        assert AnnotationState.from_dict(last.after) == annotation.as_state()
    for claim in Claim.objects.prefetch_related("revisions"):
        last = max(claim.revisions.all(), key=lambda revision: revision.pk)

        assert ClaimState.from_dict(last.after) == claim.as_state()


def test_something_was_edited_something_deleted_and_two_claims_merged(loaded):
    actions = Counter(Revision.objects.values_list("action", flat=True))

    assert actions["edit"] >= 3
    assert actions["delete"] == 1
    assert actions["merge"] == 2
    assert Annotation.objects.filter(deleted_at__isnull=False).count() == 1
    assert Claim.objects.filter(merged_into__isnull=False).count() == 1


def test_a_coder_can_still_undo_the_last_step(loaded):
    ana = User.objects.get(username="ana")

    undone = undo(loaded, ana)

    assert undone.words.startswith("Undone: merging")
    latest = Revision.objects.newest_first().values_list("kind", "action")[:2]
    assert list(latest) == [("undo", "merge"), ("undo", "merge")]
    assert not Claim.objects.filter(merged_into__isnull=False).exists()


def test_the_fixture_is_what_its_sources_give(tmp_path):
    """In a process of its own, because the command makes a database of its own."""
    environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    environment["COPYTASTER_DATA"] = str(tmp_path)

    done = subprocess.run(
        [sys.executable, "manage.py", "build_sample", "--check"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr


def test_no_row_of_the_fixture_belongs_to_another_collection():
    rows = json.loads(sample.FIXTURE.read_text(encoding="utf-8"))

    collections = {row["fields"].get("collection", 1) for row in rows}

    assert collections == {1}


# --- the demo -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_demo_opens_the_three_main_documents_for_a_new_local_user(client):
    said = demo()

    you = User.objects.get(username="you")
    collection = Collection.objects.get(slug="sample")
    documents = {
        document.original_name: document.pk for document in collection.documents.for_lists()
    }
    main = [documents[f"00{name}.txt"] for name in ("1-wire", "2-rewrite", "4-column")]
    query = "&".join(f"d={pk}" for pk in main)
    assert f"http://127.0.0.1:8000/c/sample/read/?{query}\n" in said
    assert not you.has_usable_password()
    assert Collection.objects.visible_to(you).with_role(you).get().role == "owner"


@pytest.mark.django_db
def test_a_second_demo_keeps_what_the_user_did():
    demo()
    you = User.objects.get(username="you")
    wire = Document.objects.get(original_name="001-wire.txt")
    mark = factories.mark(wire, you, "Competitors did not wait.")
    before = Annotation.objects.count(), Revision.objects.count()

    said = demo()

    assert "as you left it" in said
    assert Annotation.objects.filter(pk=mark.pk).exists()
    assert (Annotation.objects.count(), Revision.objects.count()) == before


@pytest.mark.django_db
def test_the_demo_takes_no_number_and_no_name_from_what_is_there():
    ana = factories.user("ana")
    mine = factories.collection("Mine", owner=ana)
    report = factories.document(mine, title="My own report")

    demo()

    ana.refresh_from_db()
    report.refresh_from_db()
    assert ana.check_password("a long password")
    assert report.title == "My own report"
    assert list(Collection.objects.visible_to(ana)) == [mine]
    assert Collection.objects.get(slug="sample").memberships.count() == 4


@pytest.mark.django_db
def test_what_the_demo_builds_beside_other_work_is_what_the_fixture_holds(loaded):
    shipped = summary(loaded)
    loaded.slug = "kept"
    loaded.save()

    demo()

    built = Collection.objects.get(slug="sample")
    assert summary(built) == shipped
    assert connection.check_constraints() is None


def summary(collection: Collection) -> list[tuple]:
    return [
        (
            annotation.creator.username,
            annotation.claim and annotation.claim.statement,
            annotation.as_state().codings,
            [(target.exact, target.role) for target in annotation.targets.all()],
            annotation.note,
            annotation.deleted,
        )
        for annotation in Annotation.objects.filter(collection=collection).for_export()
    ]
