"""W3C Web Annotations as JSON-LD: the Data Model's Recommendation of 23 February 2017.

docs/formats.md says what stands for what, and why.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.urls import reverse

from .formats import Format
from .jsonl import as_line, spaced
from .rows import AnnotationRow, ClaimRow, CodingRow, DocumentRow, Origin, TargetRow, moment

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA_TYPE = f'application/ld+json; profile="{CONTEXT}"'

_NIL = str(UUID(int=0))

# Why a target is there that is not the passage itself: the words that name a source identify who
# speaks, the cue is highlighted.
_PURPOSES = {"source": "identifying", "cue": "highlighting"}


def w3c_pieces(annotations: Iterable[AnnotationRow], origin: Origin, iri: str) -> Iterator[str]:
    """An AnnotationCollection, whose IRI is given, with one embedded page of all annotations.

    The keys are sorted as everywhere, so `total` comes after the annotations, when it is known.
    """
    page = f"{iri}#items"
    count = 0
    yield f'{{"@context":{as_line(CONTEXT)},'
    for annotation in annotations:
        yield f'"first":{{"id":{as_line(page)},"items":[\n' if not count else ",\n"
        yield as_line(as_annotation(annotation, origin))
        count += 1
    # A collection of nothing has no page, for a page has at least one annotation (5.2).
    if count:
        yield f'\n],"partOf":{as_line(iri)},"startIndex":0,"type":"AnnotationPage"}},'
    yield f'"id":{as_line(iri)},"label":{as_line(origin.name)},'
    if count:
        yield f'"last":{as_line(page)},'
    yield f'"total":{count},"type":"AnnotationCollection"}}\n'


def as_annotation(annotation: AnnotationRow, origin: Origin) -> dict[str, Any]:
    """The annotation, without the @context that the document around it gives."""
    data: dict[str, Any] = {
        "id": annotation_iri(annotation.id, origin),
        "type": "Annotation",
        "canonical": f"urn:uuid:{annotation.id}",
        "motivation": annotation.motivation,
        "creator": _person(annotation, origin),
        "created": moment(annotation.created),
        "modified": moment(annotation.modified),
        "generator": {"id": origin.base, "type": "Software", "name": "Copytaster"},
        "schema:version": annotation.version,
        "target": [_target(target, origin) for target in annotation.targets],
    }
    bodies = [_code_body(coding, origin) for coding in annotation.codings]
    if annotation.claim:
        bodies.append(_claim_body(annotation.claim, origin))
    if annotation.note:
        bodies.append(
            {
                "type": "TextualBody",
                "purpose": "commenting",
                "format": "text/plain",
                "value": annotation.note,
            }
        )
    if annotation.unsure:
        bodies.append({"type": "TextualBody", "purpose": "tagging", "value": "unsure"})
    if annotation.archived:
        bodies.append({"type": "TextualBody", "purpose": "tagging", "value": "archived"})
    if bodies:
        data["body"] = bodies
    if annotation.codebook_version is not None:
        versions = _iri(origin.base, "annotations:codebook_history", origin.slug)
        data["conformsTo"] = f"{versions}#version-{annotation.codebook_version}"
    # Not `via` and `generator`: the Recommendation keeps those for another address of the same
    # annotation, and for the program that wrote it down.
    if annotation.via:
        data["dcterms:source"] = {"id": annotation_iri(annotation.via, origin)}
    if annotation.generator:
        data["dcterms:contributor"] = {"type": "Software", "name": annotation.generator}
    return data


def annotation_iri(id: UUID, origin: Origin) -> str:
    # To reverse the address anew for each would cost as much as all the rest.
    return _iri(origin.base, "annotations:annotation", _NIL).replace(_NIL, str(id))


@lru_cache(maxsize=10_000)
def _iri(base: str, view: str, *args: str | int) -> str:
    return f"{base}{reverse(view, args=args)[1:]}"


def _person(annotation: AnnotationRow, origin: Origin) -> dict[str, str]:
    collection = _iri(origin.base, "collection", origin.slug)
    person = {
        "id": f"{collection}#coder-{quote(annotation.creator)}",
        "type": "Person",
        "nickname": annotation.creator,
    }
    if annotation.creator_name:
        person["name"] = annotation.creator_name
    return person


def _target(target: TargetRow, origin: Origin) -> dict[str, Any]:
    source = _source(target.document, origin)
    purpose = _PURPOSES.get(target.role)
    if target.start is None and not purpose:
        return source
    data: dict[str, Any] = {"type": "SpecificResource", "source": source}
    if purpose:
        data["purpose"] = purpose
    if target.start is not None:
        # Two ways to say the same place, for readers of either kind.
        data["selector"] = [
            {
                "type": "TextQuoteSelector",
                "exact": target.exact,
                "prefix": target.prefix,
                "suffix": target.suffix,
            },
            {"type": "TextPositionSelector", "start": target.start, "end": target.end},
        ]
    return data


def _source(document: DocumentRow, origin: Origin) -> dict[str, str]:
    """The document: here, by the hash of its text wherever that is, and where it was published."""
    digest = urlsafe_b64encode(bytes.fromhex(document.sha256)).decode().rstrip("=")
    source = {
        "id": _iri(origin.base, "corpus:document", origin.slug, document.id),
        "type": "Text",
        "format": "text/plain",
        "label": document.title,
        "canonical": f"ni:///sha-256;{digest}",  # RFC 6920
    }
    if document.language:
        source["language"] = document.language
    if document.url:
        source["via"] = document.url
    return source


def _code_body(coding: CodingRow, origin: Origin) -> dict[str, Any]:
    codebook = _iri(origin.base, "annotations:codebook", origin.slug)
    return {
        "type": "SpecificResource",
        "purpose": "classifying",
        "source": {
            "id": f"{codebook}#{coding.variable}.{coding.code}",
            "label": f"{coding.variable_label}: {coding.code_label}",
        },
    }


def _claim_body(claim: ClaimRow, origin: Origin) -> dict[str, Any]:
    return {
        "type": "SpecificResource",
        "purpose": "identifying",
        "source": {
            "id": _iri(origin.base, "annotations:claim", origin.slug, claim.id),
            "label": claim.statement,
        },
    }


FORMAT = Format(
    "w3c",
    "W3C Web Annotation",
    "jsonld",
    MEDIA_TYPE,
    "For other annotation tools and archives",
    "The web’s own standard for annotations, as JSON-LD. Other tools find each passage by "
    "its words and by its position.",
    pieces=w3c_pieces,
    shown=lambda text: spaced(json.loads(text)["first"]["items"][0]),
)
