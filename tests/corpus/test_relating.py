import json
import re
from datetime import date
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from corpus import comparing
from corpus.comparison import compare
from corpus.imports.storing import Pasted, import_files
from corpus.jobs import queue
from corpus.models import Derivation, Document, StoredComparison, Story, WaitingComparison
from corpus.relatives import relating, tasks
from corpus.relatives.relating import (
    ALGORITHM,
    put_off,
    relate,
    relate_waiting,
    waiting_words,
    what_waits,
)
from tests import factories

SENTENCES = [
    "The port of Osmere will charge every cargo ship a levy from the first day of March.",
    "Ministers agreed on the charge after a long night of talks with the pilots' union.",
    "A memo from the treasury puts the yearly yield at about forty million florins.",
    "Shipping companies warned that some services would move to Dunmarrow instead.",
    "The harbour master said the channel had lost a metre of depth in only five years.",
    "Opponents in the town hall called the plan a tax on everything that people buy.",
    "A vote in parliament is expected before the summer, when the dredgers are booked.",
    "Fishing boats and ferries are exempt, and so are vessels in distress.",
]
OTHER = [
    "The museum opens a show of early maps next week, the largest in its history.",
    "Curators borrowed sheets from eleven libraries and restored four of them.",
    "One chart names an island that nobody has seen since it was drawn.",
    "Entrance is free on Sundays, and children may draw an island of their own.",
]
REPORT = "\n\n".join(SENTENCES)
RESPUN = "\n\n".join(sentence.replace(" the ", " this ") for sentence in SENTENCES)
SHORT = "\n\n".join(SENTENCES[:3])


def links(collection):
    rows = Derivation.objects.filter(source__collection=collection)
    return {(row.source.title, row.derived.title): row for row in rows}


def stories(collection):
    return {
        story.name: {document.title for document in story.documents.all()}
        for story in collection.stories.all()
    }


@pytest.fixture
def copies(harbour):
    """A report, a copy with other words and an earlier short one, and a text about something else."""
    return [
        factories.document(harbour, REPORT, title="Report", published_on=date(2024, 3, 2)),
        factories.document(harbour, RESPUN, title="Respun", published_on=date(2024, 3, 3)),
        factories.document(harbour, SHORT, title="Early", published_on=date(2024, 3, 1)),
        factories.document(harbour, "\n\n".join(OTHER), title="Maps"),
    ]


def test_copies_are_linked_and_share_a_story_named_after_the_earliest(harbour, copies):
    found = relate(harbour)

    assert {frozenset(pair) for pair in links(harbour)} == {
        frozenset(pair) for pair in [("Report", "Respun"), ("Early", "Report"), ("Early", "Respun")]
    }
    assert stories(harbour) == {"Early": {"Early", "Report", "Respun"}}
    assert (len(found.derivations), found.compared, found.left) == (3, 3, 0)


def test_a_link_says_how_much_is_kept_and_who_found_it(harbour, copies):
    relate(harbour)

    short = next(row for ends, row in links(harbour).items() if set(ends) == {"Early", "Report"})
    in_report = short.source_in_derived if short.source == copies[2] else short.derived_in_source
    in_early = short.derived_in_source if short.source == copies[2] else short.source_in_derived
    assert in_report == 1
    assert 0.3 < in_early < 0.5
    assert short.relation == "abridgement"
    assert short.algorithm.startswith(ALGORITHM)


@pytest.mark.parametrize(
    ("first", "second", "source"),
    [
        (date(2024, 3, 5), date(2024, 3, 4), "Second"),
        (date(2024, 3, 4), date(2024, 3, 5), "First"),
        (None, None, "First"),
        (date(2024, 3, 4), date(2024, 3, 4), "First"),
    ],
)
def test_where_the_texts_do_not_tell_the_older_is_the_source(harbour, first, second, source):
    turned = "\n\n".join([*SENTENCES[4:], *SENTENCES[:4]])
    factories.document(harbour, REPORT, title="First", published_on=first)
    factories.document(harbour, turned, title="Second", published_on=second)

    relate(harbour)

    (row,) = links(harbour).values()
    assert row.source.title == source
    assert row.algorithm == ALGORITHM + relating.BY_AGE


def test_what_the_texts_tell_counts_for_more_than_the_dates(harbour):
    wire = "OSMERE, March 1 (Petrel) - " + REPORT.replace(
        "A memo", "Rosa Quill, the pilots' leader, told Petrel on Friday that she would sue. A memo"
    )
    copy = REPORT.replace("A memo", "Quill told the agency that she would sue. A memo")
    factories.document(harbour, copy, title="Copy", published_on=date(2024, 3, 1))
    factories.document(harbour, wire, title="Wire", published_on=date(2024, 3, 2))

    relate(harbour)

    (row,) = links(harbour).values()
    assert (row.source.title, row.derived.title) == ("Wire", "Copy")
    assert row.algorithm == ALGORITHM
    assert row.derived_in_source > row.source_in_derived


def test_doing_it_twice_changes_nothing(harbour, copies):
    relate(harbour)
    before = list(Derivation.objects.order_by("pk").values()), stories(harbour)
    story = harbour.stories.get()

    relate(harbour)

    assert (list(Derivation.objects.order_by("pk").values()), stories(harbour)) == before
    assert harbour.stories.get() == story


def test_new_documents_join_the_story_that_is_there(harbour, copies):
    relate(harbour, [copies[0].pk, copies[1].pk, copies[2].pk])
    story = harbour.stories.get()
    late = factories.document(harbour, f"{REPORT}\n\nMore follows soon.", title="Late")

    relate(harbour, [late.pk])

    late.refresh_from_db()
    assert late.story == story
    assert len(links(harbour)) == 6


def test_only_pairs_with_the_documents_asked_for_are_compared(harbour, copies):
    found = relate(harbour, [copies[3].pk])

    assert found.compared == 0
    assert links(harbour) == {}


def test_a_quotation_is_a_relative_but_no_version_of_the_story(harbour, copies):
    column = "\n\n".join([*OTHER[:2], SENTENCES[4], *OTHER[2:]])
    factories.document(harbour, column, title="Column", published_on=date(2024, 3, 9))

    relate(harbour)

    quoting = {ends: row for ends, row in links(harbour).items() if "Column" in ends}
    assert any("Report" in ends for ends in quoting)
    assert stories(harbour)["Early"] == {"Early", "Report", "Respun"}


def test_rows_of_an_older_version_go_where_they_are_not_found_again(harbour, copies):
    report, _, early, maps = copies
    wrong = {"relation": "rewrite", "source_in_derived": 0.1, "derived_in_source": 0.1, "score": 9}
    for source, derived, algorithm in [
        (report, maps, "comparison 0"),
        (maps, early, "by hand"),
    ]:
        Derivation.objects.create(source=source, derived=derived, algorithm=algorithm, **wrong)

    relate(harbour)

    assert ("Report", "Maps") not in links(harbour)
    assert links(harbour)["Maps", "Early"].algorithm == "by hand"
    assert all(row.score <= 1 for ends, row in links(harbour).items() if "Maps" not in ends)


def test_a_document_leaves_the_story_when_its_link_goes(harbour, copies):
    report, respun, early, maps = copies
    story = Story.objects.create(collection=harbour, name="Harbour")
    Document.objects.update(story=story)
    for derived in (respun, early, maps):
        Derivation.objects.create(
            source=report, derived=derived, algorithm="comparison 0", relation="rewrite",
            source_in_derived=1, derived_in_source=1, score=1,
        )  # fmt: skip

    relate(harbour)

    assert stories(harbour) == {"Harbour": {"Report", "Respun", "Early"}}


def test_what_was_put_right_by_hand_stays(harbour, copies):
    relate(harbour)
    harbour.stories.update(name="The levy")
    by_hand = Story.objects.create(collection=harbour, name="Museum")
    Document.objects.filter(title="Maps").update(story=by_hand)
    factories.document(harbour, f"{REPORT}\n\nMore follows soon.", title="Late")

    relate(harbour)

    assert stories(harbour) == {
        "The levy": {"Early", "Report", "Respun", "Late"},
        "Museum": {"Maps"},
    }


def test_two_stories_that_turn_out_to_be_one_become_one(harbour):
    middle = "\n\n".join(SENTENCES)
    for title, text in [("Head", SENTENCES[:4]), ("Tail", SENTENCES[4:])]:
        first = factories.document(harbour, "\n\n".join(text), title=title)
        second = factories.document(harbour, "\n\n".join([*text, "That is all."]), title=title * 2)
        relate(harbour, [first.pk, second.pk])
    assert len(stories(harbour)) == 2
    whole = factories.document(harbour, middle, title="Whole")

    relate(harbour, [whole.pk])

    assert [len(members) for members in stories(harbour).values()] == [5]


def test_collections_do_not_see_each_other(harbour, alice, copies):
    elsewhere = factories.collection("Elsewhere", owner=alice)
    factories.document(elsewhere, REPORT, title="Same report")

    relate(elsewhere)
    relate(harbour)

    assert links(elsewhere) == {}
    assert stories(elsewhere) == {}


# --- after an import ------------------------------------------------------------------------------


def test_an_import_relates_what_it_brought(harbour, copies):
    import_files(harbour, None, [Pasted(f"{REPORT}\n\nMore soon.", "New")])

    new = harbour.documents.get(title="New")
    assert new.story is not None
    assert {"Report", "Respun", "Early"} == {
        title for ends in links(harbour) if "New" in ends for title in ends
    } - {"New"}
    assert waiting_words(harbour) == ""


def test_an_import_leaves_the_relating_to_a_worker(harbour, copies, in_the_queue):
    import_files(harbour, None, [Pasted(f"{REPORT}\n\nMore soon.", "New")])
    import_files(harbour, None, [Pasted(f"{REPORT}\n\nMore later.", "Last")])

    assert links(harbour) == {}
    assert waiting_words(harbour) == "2 documents are still to be looked up among the others."
    assert DBTaskResult.objects.count() == 1  # for both


def test_what_waits_is_done_in_portions(harbour, copies, in_the_queue, monkeypatch):
    monkeypatch.setattr(relating, "MOST_AT_ONCE", 2)
    import_files(harbour, None, [Pasted(f"{REPORT}\n\nMore soon.", "New")])

    assert relate_waiting(harbour, seconds=0) == 2  # one looked up, one pair compared
    assert waiting_words(harbour) == "2 pairs of documents may share text and wait to be compared."
    assert relate_waiting(harbour) == 2
    assert waiting_words(harbour) == ""
    assert relate_waiting(harbour) == 0
    assert sum("New" in ends for ends in links(harbour)) == 3
    found = links(harbour)
    relate(harbour)
    assert set(found) <= set(links(harbour))


def test_a_task_whose_turn_is_over_makes_way_and_goes_on(
    harbour, copies, in_the_queue, monkeypatch
):
    monkeypatch.setattr(tasks, "SECONDS", 0)
    import_files(harbour, None, [Pasted(f"{REPORT}\n\nMore soon.", "New")])
    DBTaskResult.objects.all().delete()

    tasks.relate_collection.call(harbour.pk)

    assert DBTaskResult.objects.count() == 1
    tasks.relate_collection.call(harbour.pk)
    assert waiting_words(harbour) == ""


def test_what_came_to_no_task_is_found_at_the_next_look_around(harbour, copies, in_the_queue):
    put_off([copies[0].pk])

    tasks.catch_up()
    tasks.catch_up()

    (waiting,) = DBTaskResult.objects.all()
    assert waiting.args_kwargs == {"args": [harbour.pk], "kwargs": {}}


def test_comparing_everything_leaves_nothing_waiting(harbour, copies):
    WaitingComparison.objects.create(first=copies[0], second=copies[3])
    WaitingComparison.objects.create(first=copies[1])

    relate(harbour)

    assert not WaitingComparison.objects.exists()


def test_what_waits_goes_with_its_documents(harbour, copies):
    WaitingComparison.objects.create(first=copies[0], second=copies[3])

    Document.objects.filter(pk=copies[3].pk).delete()

    assert waiting_words(harbour) == ""


@pytest.fixture
def batch(harbour, alice):
    texts = [(REPORT, "Report"), (RESPUN, "Respun"), (SHORT, "Early"), ("\n".join(OTHER), "Maps")]
    return import_files(harbour, alice, [Pasted(text, title) for text, title in texts])


def test_the_report_says_first_what_is_one_story(client, alice, batch):
    client.force_login(alice)

    page = client.get(batch.get_absolute_url()).text

    first = re.search(r"<h1>.*?</h1>\s*<p[^>]*>(.*?)</p>", page, re.DOTALL)[1]
    assert first == "3 of your 4 documents are one story: Report."
    assert "% of its words kept" in page
    assert "Read side by side" in page
    assert "manage.py" not in page


def test_a_button_on_the_report_compares_what_waits(client, alice, harbour, in_the_queue, request):
    batch = request.getfixturevalue("batch")
    client.force_login(alice)
    page = client.get(batch.get_absolute_url()).text
    assert "4 documents are still to be looked up among the others." in page
    assert "Nothing is at work on it now." in page
    assert "hx-get" not in page

    page = client.post(
        reverse("corpus:batch_compare", args=[harbour.slug, batch.pk]), follow=True
    ).text

    assert "All documents that may share text are compared." in page
    assert "3 of your 4 documents are one story" in page
    assert "Compare them" not in page


def test_the_report_asks_again_while_a_worker_is_at_work(
    client, alice, harbour, in_the_queue, request
):
    batch = request.getfixturevalue("batch")
    client.force_login(alice)
    queue.beat("a worker")
    page = client.get(batch.get_absolute_url()).text
    assert f'hx-get="{batch.get_absolute_url()}"' in page
    assert "done in the background" in page
    assert "Compare them" not in page

    waiting = client.get(batch.get_absolute_url(), headers={"HX-Request": "true"}).text
    relate_waiting(harbour)
    done = client.get(batch.get_absolute_url(), headers={"HX-Request": "true"}).text

    assert "hx-get" in waiting
    assert "<h1" not in waiting
    assert "hx-get" not in done
    assert "3 of your 4 documents are one story" in done
    assert "Everything that may share text is compared." in done


def test_a_document_of_a_story_that_was_here_is_said_to_be(client, alice, harbour, copies):
    relate(harbour)
    batch = import_files(harbour, alice, [Pasted(f"{REPORT}\n\nMore soon.", "New")])
    client.force_login(alice)

    page = client.get(batch.get_absolute_url()).text

    assert "Your document belongs to a story that is here already" in page
    assert "with 3 that were here before" in page


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 302), ("curator", 302), ("coder", 403), ("reader", 403), (None, 404)]
)  # fmt: skip
def test_owners_and_curators_compare_what_waits(client, stranger, harbour, batch, role, status):
    if role:
        factories.member(harbour, stranger, role)
    client.force_login(stranger)
    address = reverse("corpus:batch_compare", args=[harbour.slug, batch.pk])

    assert client.get(address).status_code in (404, 405)
    assert client.post(address).status_code == status


def test_a_failure_of_relating_fails_no_import(client, alice, harbour, monkeypatch):
    def broken(*args, **options):
        raise ZeroDivisionError

    monkeypatch.setattr(relating, "candidates", broken)
    client.force_login(alice)

    response = client.post(
        reverse("corpus:import_documents", args=[harbour.slug]), {"text": REPORT}, follow=True
    )

    assert harbour.documents.count() == 1
    assert "1 document is still to be looked up among the others." in response.text
    assert "ZeroDivisionError" not in response.text


# --- the command ----------------------------------------------------------------------------------


def find_reuse(*arguments):
    out = StringIO()
    call_command("find_reuse", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_says_what_shares_text(harbour, copies):
    printed = find_reuse("harbour")

    assert "Respun: revision of Report (95% of its words kept)" in printed
    assert "Report: expansion of Early (100% of its words kept)" in printed
    assert "Documents: 4. Pairs compared: 3, sharing text: 3. Stories: 1." in printed


def test_the_command_prints_json(harbour, copies):
    result = json.loads(find_reuse("harbour", "--json"))

    assert result["documents"] == 4
    assert len(result["derivations"]) == result["compared"] == 3
    assert {frozenset((row["source"], row["derived"])) for row in result["derivations"]} == {
        frozenset((one.pk, other.pk))
        for one, other in [copies[0:2], copies[1:3], (copies[0], copies[2])]
    }
    (story,) = result["stories"]
    assert story == {"name": "Early", "documents": [copies[2].pk, copies[0].pk, copies[1].pk]}


def test_an_unknown_collection_is_named_with_those_there_are(harbour):
    with pytest.raises(CommandError, match=r"no collection nope\. There are: harbour\.") as caught:
        find_reuse("nope")

    assert caught.value.returncode == 2


@pytest.mark.parametrize("bound", ["MOST_CHARACTERS", "MOST_SENTENCES"])
def test_what_is_too_long_is_left_to_the_command(client, alice, harbour, monkeypatch, bound):
    monkeypatch.setattr(f"corpus.relatives.relating.{bound}", 2)

    batch = import_files(harbour, alice, [Pasted(REPORT, "Report"), Pasted(RESPUN, "Respun")])

    client.force_login(alice)
    page = client.get(batch.get_absolute_url()).text
    assert "1 pair of documents that share text is too long to be compared on the way." in page
    assert not Derivation.objects.exists()
    assert waiting_words(harbour) == ""
    assert relate_waiting(harbour) == 0

    relate(harbour)

    assert Derivation.objects.count() == 1
    assert what_waits(harbour) == ("", "")


def test_what_waits_and_is_too_long_waits_no_more(harbour, copies, monkeypatch):
    first, second, *_ = copies
    WaitingComparison.objects.create(first=first, second=second)
    monkeypatch.setattr("corpus.comparing.MOST_CHARACTERS", 2)

    relate_waiting(harbour)

    assert not WaitingComparison.objects.exists()


# --- comparisons that are kept --------------------------------------------------------------------


def test_what_was_related_is_opened_without_comparing(harbour, copies, monkeypatch):
    relate(harbour)
    source, derived = copies[2], copies[0]
    expected = compare(
        source.text, derived.text, source_title=source.title, derived_title=derived.title
    )
    cache.clear()  # as another process begins

    monkeypatch.setattr("corpus.comparing.compare", None)

    assert comparing.compared(source, derived) == expected


def test_what_an_engine_of_before_kept_is_not_read(harbour, copies):
    relate(harbour)
    StoredComparison.objects.update(version="0.0", value=b"nonsense")
    cache.clear()

    comparing.comparison_of(copies[2], copies[0])
    dropped = comparing.tidy()

    assert dropped == 3
    assert not StoredComparison.objects.exists()


def test_comparisons_go_with_their_texts(harbour, copies):
    relate(harbour)
    Document.everything.filter(pk=copies[0].pk).delete()

    call_command("purge", stdout=StringIO())

    kept = StoredComparison.objects.get()
    assert {kept.source, kept.derived} == {copies[1].sha256, copies[2].sha256}


def test_no_more_is_kept_than_may_be(harbour, copies, monkeypatch):
    relate(harbour)
    newest = StoredComparison.objects.order_by("pk").last()
    monkeypatch.setattr(comparing, "MOST_BYTES", newest.size)

    assert comparing.tidy() == 2
    assert StoredComparison.objects.get() == newest


def test_what_is_large_is_not_kept(harbour, copies, monkeypatch):
    monkeypatch.setattr(comparing, "LARGEST", 10)

    relate(harbour)

    assert not StoredComparison.objects.exists()


def test_a_page_that_compares_writes_nothing(harbour, copies):
    comparing.comparison_of(copies[0], copies[1])

    assert not StoredComparison.objects.exists()
