import json
from copy import deepcopy
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from annotations import sample
from annotations.exports import FORMATS, Origin, annotation_rows, pieces
from annotations.exports.rows import moment
from annotations.models import Annotation
from corpus.models import Collection
from tests.annotations.exported import newsroom, texts
from tests.annotations.w3c_rules import CONTEXT, MOTIVATIONS, TERMS, problems

ORIGIN = Origin("https://copytaster.example/", "newsroom", "Newsroom")
IRI = "https://copytaster.example/c/newsroom/export/download/?format=w3c"

# All keys that we write. Those with a prefix are ours to choose, the others the context's.
KEYS = {
    "@context",
    "body",
    "canonical",
    "conformsTo",
    "created",
    "creator",
    "dcterms:contributor",
    "dcterms:source",
    "end",
    "exact",
    "first",
    "format",
    "generator",
    "id",
    "items",
    "label",
    "language",
    "last",
    "modified",
    "motivation",
    "name",
    "nickname",
    "partOf",
    "prefix",
    "purpose",
    "schema:version",
    "selector",
    "source",
    "start",
    "startIndex",
    "suffix",
    "target",
    "total",
    "type",
    "value",
    "via",
}


def exported(collection):
    annotations = Annotation.objects.filter(collection=collection).live()
    written = pieces(FORMATS["w3c"], annotation_rows(annotations), origin=ORIGIN, iri=IRI)
    return json.loads("".join(written))


def keys(value):
    if isinstance(value, dict):
        return set(value).union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


@pytest.mark.django_db
def test_the_export_keeps_every_rule_of_the_recommendation():
    assert problems(exported(newsroom())) == []


@pytest.mark.django_db
def test_so_does_an_empty_one(harbour):
    assert problems(exported(harbour)) == []


@pytest.mark.django_db
def test_so_does_the_sample_and_its_passages_say_what_they_quote():
    call_command("loaddata", sample.FIXTURE.stem, verbosity=0)
    collection = Collection.objects.get(slug=sample.SLUG)
    source = texts(collection)

    found = exported(collection)

    assert problems(found) == []
    assert found["total"] == Annotation.objects.filter(collection=collection).live().count() > 200
    passages = [
        target
        for annotation in found["first"]["items"]
        for target in annotation["target"]
        if "selector" in target
    ]
    assert len(passages) > 200
    for target in passages:
        quote, place = target["selector"]
        text = source[int(target["source"]["id"].split("/")[-2])]
        assert text[place["start"] : place["end"]] == quote["exact"]
        assert text[: place["start"]].endswith(quote["prefix"])
        assert text[place["end"] :].startswith(quote["suffix"])


@pytest.mark.django_db
def test_every_key_means_something_in_the_context():
    found = keys(exported(newsroom()))

    assert found == KEYS
    assert {key for key in found if ":" not in key} - {"@context"} <= TERMS


def test_our_motivations_are_the_recommendations():
    assert {str(motivation) for motivation in Annotation.Motivation} <= MOTIVATIONS


@pytest.mark.django_db
def test_a_claim_a_code_and_a_note_are_bodies():
    _, annotation, *_ = exported(newsroom())["first"]["items"]

    found = [
        (body["purpose"], body.get("value") or body["source"]["label"])
        for body in annotation["body"]
    ]

    assert found == [
        ("classifying", "Voice: Source"),
        ("classifying", "Position: Supports"),
        ("identifying", "The port of Sarelle is closed."),
        ("commenting", "-- which office?\nAsk “them”."),
        ("tagging", "unsure"),
    ]
    assert [target.get("purpose") for target in annotation["target"]] == [
        None,
        "identifying",
        "highlighting",
    ]


def test_a_moment_is_in_utc_whatever_the_clock_of_the_place():
    noon = datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/Paris"))

    assert moment(noon) == moment(noon.astimezone(UTC)) == "2026-07-01T10:00:00Z"


VALID = {
    "@context": CONTEXT,
    "id": "https://copytaster.example/annotations/1",
    "type": "Annotation",
    "motivation": "assessing",
    "created": "2026-03-01T09:30:00Z",
    "creator": {"id": "https://copytaster.example/#a", "type": "Person", "nickname": "a"},
    "body": [
        {"type": "TextualBody", "value": "Yes.", "purpose": "commenting"},
        {"type": "SpecificResource", "source": "urn:a:b", "purpose": "classifying"},
    ],
    "target": [
        {
            "type": "SpecificResource",
            "source": {"id": "https://copytaster.example/1", "type": "Text"},
            "selector": [
                {"type": "TextQuoteSelector", "exact": "port", "prefix": "the "},
                {"type": "TextPositionSelector", "start": 4, "end": 8},
            ],
        }
    ],
}


def test_the_checker_lets_a_good_annotation_through():
    assert problems(VALID) == []


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        (["@context"], ..., "3.1"),
        (["@context"], "http://www.w3.org/ns/oa.jsonld", "3.1"),
        (["@context"], [CONTEXT], "single @context is a string"),
        (["id"], ..., "3.1"),
        (["id"], "annotation 1", "3.1"),
        (["id"], ["urn:a:b", "urn:a:c"], "3.1"),
        (["type"], ..., "3.1"),
        (["type"], "SpecificResource", "3.1"),
        (["type"], ["Annotation", "Mark"], "does not define the class Mark"),
        (["target"], ..., "one target or more"),
        (["target"], [], "one target or more"),
        (["target"], {"type": "TextualBody", "value": "x"}, "never embedded text"),
        (["target"], {"type": "Text"}, "3.2.1"),
        (["target"], "page 1", "3.2"),
        (["target", 0, "source"], ..., "exactly one source"),
        (["target", 0, "source"], ["urn:a:b", "urn:a:c"], "exactly one source"),
        (["target", 0, "source", "id"], ..., "3.2.1"),
        (["target", 0, "selector", 0, "exact"], ..., "4.2.4"),
        (["target", 0, "selector", 0, "exact"], ["a", "b"], "4.2.4"),
        (["target", 0, "selector", 0, "prefix"], ["a", "b"], "4.2.4"),
        (["target", 0, "selector", 0, "type"], ..., "exactly one type"),
        (["target", 0, "selector", 0, "type"], ["TextQuoteSelector", "Text"], "exactly one type"),
        (["target", 0, "selector", 1, "start"], ..., "4.2.5"),
        (["target", 0, "selector", 1, "start"], -1, "4.2.5"),
        (["target", 0, "selector", 1, "start"], "4", "4.2.5"),
        (["target", 0, "selector", 1, "start"], True, "4.2.5"),
        (["target", 0, "selector", 1, "end"], 8.5, "4.2.5"),
        (["target", 0, "selector", 1, "end"], 4, "the end comes after the start"),
        (["body", 0, "value"], ..., "3.2.4"),
        (["body", 0, "value"], ["a", "b"], "3.2.4"),
        (["body", 0, "purpose"], "praising", "no purpose"),
        (["body", 0, "textDirection"], "up", "3.2.1"),
        (["body", 1, "source"], "not an IRI", "exactly one source"),
        (["bodyValue"], "Yes.", "exclude each other"),
        (["motivation"], "guessing", "no motivation"),
        (["created"], "2026-03-01T09:30:00+01:00", "3.3.1"),
        (["created"], "2026-03-01T09:30:00", "3.3.1"),
        (["created"], "2026-03-01", "3.3.1"),
        (["created"], "2026-13-01T09:30:00Z", "3.3.1"),
        (["created"], ["2026-03-01T09:30:00Z", "2026-03-02T09:30:00Z"], "3.3.1"),
        (["modified"], "yesterday", "3.3.1"),
        (["creator"], "alice", "3.3.1"),
        (["creator", "nickname"], ["a", "b"], "3.3.2"),
        (["rights"], "all reserved", "3.3.6"),
        (["canonical"], ["urn:a:b", "urn:a:c"], "3.3.7"),
        (["coder"], "alice", "does not define coder"),
        (["version:1"], 1, "does not define version:1"),
    ],
)
def test_the_checker_refuses_a_broken_annotation(path, value, rule):
    broken = deepcopy(VALID)
    *parents, last = path
    part = broken
    for step in parents:
        part = part[step]
    if value is ...:
        del part[last]
    else:
        part[last] = value

    assert any(rule in problem for problem in problems(broken)), problems(broken)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda found: found.pop("first"), "exactly one first page"),
        (lambda found: found.update(total=-1), "5.1"),
        (lambda found: found.update(total=4), "total counts the annotations"),
        (lambda found: found.update(label=["a", 1]), "label is a string"),
        (lambda found: found.update(id="newsroom"), "5.1"),
        (lambda found: found.update(last={"id": IRI}), "IRI of a page"),
        (lambda found: found["first"].update(items=[]), "5.2"),
        (lambda found: found["first"].update(items={"id": IRI}), "5.2"),
        (lambda found: found["first"].pop("id"), "5.2"),
        (lambda found: found["first"].update(type="AnnotationCollection"), "5.2"),
        (lambda found: found["first"].update(startIndex="0"), "5.2"),
        (lambda found: found["first"].update(partOf={}), "5.2"),
        (lambda found: found["first"].update(next="page 2"), "5.2"),
        (lambda found: found["first"]["items"][2].pop("target"), "items[2]: 3.1"),
    ],
)
@pytest.mark.django_db
def test_the_checker_refuses_a_broken_collection(change, rule):
    found = exported(newsroom())

    change(found)

    assert any(rule in problem for problem in problems(found)), problems(found)
