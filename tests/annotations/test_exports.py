import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotations.exports import FORMATS, Origin, annotation_rows, encoded, pieces
from annotations.exports.jsonl import as_dict, as_line
from annotations.exports.tables import BYTE_ORDER_MARK, COLUMNS, defused, restored, table_rows
from annotations.exports.w3c import as_annotation
from annotations.models import Annotation
from annotations.states import AnnotationState, TargetState
from tests import factories
from tests.annotations.exported import newsroom, texts

FIXTURES = Path(__file__).parent.parent / "fixtures"
FORMATS_PAGE = Path(__file__).parent.parent.parent / "docs" / "formats.md"
ORIGIN = Origin("https://copytaster.example/", "newsroom", "Newsroom")
IRI = "https://copytaster.example/c/newsroom/export/download/?format=w3c"


def exported(collection, key, **slices):
    annotations = Annotation.objects.filter(collection=collection).live()
    return b"".join(
        encoded(
            pieces(FORMATS[key], annotation_rows(annotations, **slices), origin=ORIGIN, iri=IRI)
        )
    )


def table(content):
    text = content.decode().removeprefix(BYTE_ORDER_MARK)
    return [
        {name: restored(cell) for name, cell in row.items()}
        for row in csv.DictReader(StringIO(text, newline=""))
    ]


@pytest.mark.parametrize("key", FORMATS)
@pytest.mark.django_db
def test_a_file_is_byte_for_byte_what_it_was(key):
    content = exported(newsroom(), key)

    expected = FIXTURES / f"export.{FORMATS[key].suffix}"
    assert content == expected.read_bytes()


@pytest.mark.parametrize("key", FORMATS)
@pytest.mark.django_db
def test_the_same_data_gives_the_same_bytes(key):
    collection = newsroom()

    first = exported(collection, key)
    # The order in which a database finds rows is not promised: shake it.
    Annotation.objects.filter(pk=Annotation.objects.order_by("created").first().pk).update(note="x")
    Annotation.objects.filter(note="x").update(note="")

    assert exported(collection, key) == first


@pytest.mark.parametrize("key", FORMATS)
@pytest.mark.django_db
def test_a_collection_without_marks_gives_a_whole_file(key, harbour):
    content = exported(harbour, key)

    if key == "csv":
        assert content.decode() == BYTE_ORDER_MARK + ",".join(COLUMNS) + "\r\n"
    elif key == "jsonl":
        assert content == b""
    else:
        assert json.loads(content)["total"] == 0
        assert "first" not in json.loads(content)


@pytest.mark.django_db
def test_deleted_marks_stay_at_home():
    collection = newsroom()

    lines = exported(collection, "jsonl").decode().split("\n")[:-1]

    assert len(lines) == 5
    assert Annotation.objects.filter(collection=collection).count() == 6


@pytest.mark.django_db
def test_offsets_slice_back_to_the_quoted_text_in_every_format():
    collection = newsroom()
    source = texts(collection)

    in_table = [
        (int(row["document"]), int(row["start"]), int(row["end"]), row["exact"])
        for row in table(exported(collection, "csv"))
        if row["start"]
    ]
    in_lines = [
        (target["document"]["id"], target["start"], target["end"], target["exact"])
        for line in exported(collection, "jsonl").decode().split("\n")[:-1]
        for target in json.loads(line)["targets"]
        if target["start"] is not None
    ]
    in_linked_data = [
        (
            int(target["source"]["id"].rstrip("/").rpartition("/")[2]),
            target["selector"][1]["start"],
            target["selector"][1]["end"],
            target["selector"][0]["exact"],
        )
        for annotation in json.loads(exported(collection, "w3c"))["first"]["items"]
        for target in annotation["target"]
        if "selector" in target
    ]

    assert set(in_table) == set(in_lines) == set(in_linked_data)
    assert {"The port 🚢 is closed", "said", "لن نبحر اليوم"} <= {place[3] for place in in_table}
    for document, start, end, exact in in_table:
        assert source[document][start:end] == exact


@pytest.mark.django_db
def test_a_code_is_said_of_the_passage_and_not_of_its_source():
    annotations = table(exported(newsroom(), "csv"))

    found = [
        (row["target"], row["target_role"], row["variable"], row["code"])
        for row in annotations
        if row["annotation"].endswith("2")
    ]

    assert found == [
        ("1", "passage", "voice", "source"),
        ("1", "passage", "position", "supports"),
        ("2", "source", "", ""),
        ("3", "cue", "", ""),
    ]


@pytest.mark.django_db
def test_a_pair_gives_its_codes_with_both_passages():
    annotations = table(exported(newsroom(), "csv"))

    found = [
        (row["target"], row["document"], row["code"])
        for row in annotations
        if row["motivation"] == "linking"
    ]

    assert found == [
        ("1", "9001", "quote_altered"),
        ("1", "9001", "weaker"),
        ("2", "9002", "quote_altered"),
        ("2", "9002", "weaker"),
    ]


@pytest.mark.django_db
def test_an_annotation_without_a_code_has_a_row():
    (row,) = [
        row for row in table(exported(newsroom(), "csv")) if row["motivation"] == "commenting"
    ]

    assert row["exact"] == "=Later="
    assert row["variable"] == row["code"] == ""
    assert row["note"] == "@desk: odd signs\u2028here"


@pytest.mark.django_db
def test_nothing_in_the_file_starts_like_a_formula():
    text = exported(newsroom(), "csv").decode().removeprefix(BYTE_ORDER_MARK)

    cells = [cell for row in csv.reader(StringIO(text, newline="")) for cell in row]

    assert {"'=Later=", "'+1: Tempest, “again”", "'@desk: odd signs\u2028here"} <= set(cells)
    assert not [cell for cell in cells if cell.lstrip()[:1] in set("=+-@＝＋－＠") - {""}]


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-- he said",
        "@desk",
        "\t=1",
        "\r=1",
        "\nnew line",
        "  =1",
        "\u00a0=1",
        "＝1",
        "＋1",
        "－1",
        "＠1",
        "'=1",
        "''=1",
    ],
)
def test_what_a_spreadsheet_could_run_is_defused(cell):
    assert defused(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "'", "'tis", "''", "1-2", "a=b", "“=”", " a", "''quoted''"])
def test_other_cells_stay_as_they_are(cell):
    assert defused(cell) == restored(cell) == cell


@given(st.text(st.sampled_from("'=+-@＝ \t\r\na") | st.characters(codec="utf-8")))
@example("'")
@example("''=")
def test_defusing_can_be_undone(cell):
    assert restored(defused(cell)) == cell


@given(st.text(), st.text())
def test_two_cells_never_become_one(one, other):
    assert (defused(one) == defused(other)) == (one == other)


@given(st.text(st.sampled_from('a\n\u2028\u2029\x85\r"\\🌧') | st.characters(codec="utf-8")))
def test_a_line_of_json_is_one_line_for_every_reader(text):
    line = as_line({"note": text})

    assert len(line.splitlines()) == 1
    assert json.loads(line) == {"note": text}


@pytest.mark.django_db
def test_the_rows_keep_the_order_of_marking_and_can_be_cut():
    collection = newsroom()
    annotations = Annotation.objects.filter(collection=collection).live()

    keys = [row.id.int for row in annotation_rows(annotations)]

    assert keys == [1, 2, 3, 4, 5]
    assert [row.id.int for row in annotation_rows(annotations, start=1, limit=2)] == [2, 3]


@pytest.mark.django_db
def test_many_annotations_cost_as_many_queries_as_one(django_assert_num_queries, harbour, bob):
    document = factories.document(harbour, "The port is closed. " * 60)
    claim = factories.claim(harbour, bob, codings=(("claim_type", "fact"),))
    for number in range(40):
        start = number * 20
        state = AnnotationState(
            "assessing",
            (TargetState(document.pk, start, start + 8, "The port"),),
            claim=claim.pk,
        ).coded(voice="author", position="supports")
        Annotation.objects.record(state, collection=harbour, user=bob)
    annotations = Annotation.objects.filter(collection=harbour)

    with django_assert_num_queries(8):
        one = list(annotation_rows(annotations, limit=1))
    with django_assert_num_queries(8):
        many = list(annotation_rows(annotations))

    assert len(one) == 1
    assert len(many) == 40


@pytest.mark.parametrize("key", FORMATS)
@pytest.mark.django_db
def test_where_a_chunk_ends_makes_no_difference(key, monkeypatch):
    collection = newsroom()
    whole = exported(collection, key)

    monkeypatch.setattr("annotations.exports.rows.CHUNK", 2)

    assert exported(collection, key) == whole


@pytest.mark.django_db
def test_every_column_and_key_is_explained():
    page = FORMATS_PAGE.read_text(encoding="utf-8")
    annotations = Annotation.objects.filter(collection=newsroom()).live()
    found = list(annotation_rows(annotations))

    def keys(value):
        if isinstance(value, dict):
            for key, each in value.items():
                yield key
                yield from keys(each)
        elif isinstance(value, list):
            for each in value:
                yield from keys(each)

    named = set(COLUMNS)
    for row in found:
        named |= set(keys(as_dict(row))) | set(keys(as_annotation(row, ORIGIN)))
        assert all(len(cells) == len(COLUMNS) for cells in table_rows(row))
    named |= set(keys(json.loads(exported(annotations[0].collection, "w3c"))))

    assert not sorted(name for name in named if f"`{name}`" not in page)


def test_every_format_says_whom_it_is_for():
    assert list(FORMATS) == ["csv", "jsonl", "w3c"]
    for each in FORMATS.values():
        assert each.audience.startswith("For ")
        assert each.description.endswith(".")
