"""The rules of the Web Annotation Data Model, as a checker: what the Recommendation says MUST be.

https://www.w3.org/TR/annotation-model/ (Recommendation, 23 February 2017); each rule names its
section. Of the optional parts only those are here that an export of texts can use: no Choice, no
SVG, CSS or XPath selectors, no states and no styles; one of those is reported as unknown rather
than let through.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

CONTEXT = "http://www.w3.org/ns/anno.jsonld"

# 3.3.5
MOTIVATIONS = {
    "assessing",
    "bookmarking",
    "classifying",
    "commenting",
    "describing",
    "editing",
    "highlighting",
    "identifying",
    "linking",
    "moderating",
    "questioning",
    "replying",
    "tagging",
}

# The terms that the context at CONTEXT defines, of those that stand as keys in JSON. A key that is
# not among them, and has no prefix, is dropped without a word by every JSON-LD processor.
TERMS = set(
    """
    accessibility audience body bodyValue cached canonical conformsTo created creator email
    email_sha1 end endSelector exact first format generated generator homepage id items label
    language last modified motivation name next nickname partOf prefix prev processingLanguage
    purpose refinedBy renderedVia rights scope selector source sourceDate sourceDateEnd
    sourceDateStart start startIndex startSelector state styleClass stylesheet suffix target
    textDirection total type value via
    """.split()  # noqa: SIM905
)
PREFIXES = {"as", "dc", "dcterms", "dctypes", "foaf", "iana", "oa", "owl", "rdf", "rdfs", "schema"}
PREFIXES |= {"skos", "xsd"}

# The classes that the context defines, of those that an export can name.
CLASSES = {
    "Annotation",
    "AnnotationCollection",
    "AnnotationPage",
    "Audio",
    "Dataset",
    "Image",
    "Organization",
    "Person",
    "Software",
    "SpecificResource",
    "Text",
    "TextPositionSelector",
    "TextQuoteSelector",
    "TextualBody",
    "Video",
}

# RFC 3987: a scheme, then none of the characters that an IRI never holds as they are.
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|\\^`]+")
_DATE_TIME = re.compile(r"\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def problems(document: Any) -> list[str]:
    """What is wrong with an Annotation, an AnnotationCollection or an AnnotationPage."""
    if not isinstance(document, dict):
        return ["3.1: an annotation is a JSON object"]
    found = list(_terms(document, "$"))
    found += _context(document)
    kinds = _listed(document.get("type"))
    if "AnnotationCollection" in kinds:
        found += _collection(document, "$")
    elif "AnnotationPage" in kinds:
        found += _page(document, "$")
    else:
        found += _annotation(document, "$")
    return found


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _is_iri(value: Any) -> bool:
    return isinstance(value, str) and _IRI.fullmatch(value) is not None


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _terms(value: Any, where: str) -> Iterator[str]:
    """Every key means something in the context, or carries a prefix that it knows."""
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _terms(each, f"{where}[{number}]")
    if not isinstance(value, dict):
        return
    for key, each in value.items():
        prefix, colon, _ = key.partition(":")
        if key != "@context" and key not in TERMS and not (colon and prefix in PREFIXES):
            yield f"{where}: the context does not define {key}"
        yield from _terms(each, f"{where}.{key}")
    for kind in _listed(value.get("type")):
        known = kind in CLASSES or kind == "BasicContainer" or ":" in str(kind)
        if not known:
            yield f"{where}: the context does not define the class {kind}"


def _context(document: dict[str, Any]) -> Iterator[str]:
    contexts = _listed(document.get("@context"))
    if CONTEXT not in contexts:
        yield f"3.1, 5.1, 5.2: @context has {CONTEXT} among its values"
    if len(contexts) == 1 and not isinstance(document["@context"], str):
        yield "3.1: a single @context is a string"


def _identity(thing: dict[str, Any], where: str, section: str) -> Iterator[str]:
    if not _is_iri(thing.get("id")):
        yield f"{where}: {section}: exactly one id, an IRI"


def _type(thing: dict[str, Any], wanted: str, where: str, section: str) -> Iterator[str]:
    if wanted not in _listed(thing.get("type")):
        yield f"{where}: {section}: {wanted} is one of the types"


def _annotation(annotation: dict[str, Any], where: str) -> Iterator[str]:
    yield from _identity(annotation, where, "3.1")
    yield from _type(annotation, "Annotation", where, "3.1")
    targets = _listed(annotation.get("target"))
    if not targets:
        yield f"{where}: 3.1: one target or more"
    if "bodyValue" in annotation:
        if "body" in annotation:
            yield f"{where}: 3.2.5: bodyValue and body exclude each other"
        if not isinstance(annotation["bodyValue"], str):
            yield f"{where}: 3.2.5: bodyValue is a single string"
    for number, target in enumerate(targets):
        yield from _resource(target, f"{where}.target[{number}]", embedded=False)
    for number, body in enumerate(_listed(annotation.get("body"))):
        yield from _resource(body, f"{where}.body[{number}]", embedded=True)
    yield from _lifecycle(annotation, where)
    for motivation in _listed(annotation.get("motivation")):
        if motivation not in MOTIVATIONS and ":" not in str(motivation):
            yield f"{where}: 3.3.5: {motivation} is no motivation"


def _lifecycle(thing: dict[str, Any], where: str) -> Iterator[str]:
    for name in ("created", "modified", "generated"):
        if name in thing and not _is_date_time(thing[name]):
            yield f"{where}: 3.3.1: at most one {name}, an xsd:dateTime in UTC, written with Z"
    for name in ("creator", "generator"):
        for agent in _listed(thing.get(name)):
            if isinstance(agent, dict):
                if "id" in agent and not _is_iri(agent["id"]):
                    yield f"{where}.{name}: 3.3.2: at most one id, an IRI"
                if len(_listed(agent.get("nickname"))) > 1:
                    yield f"{where}.{name}: 3.3.2: at most one nickname"
            elif not _is_iri(agent):
                yield f"{where}.{name}: 3.3.1: an agent is an IRI or an object"
    for rights in _listed(thing.get("rights")):
        if not _is_iri(rights):
            yield f"{where}: 3.3.6: rights are an IRI"
    if "canonical" in thing and not _is_iri(thing["canonical"]):
        yield f"{where}: 3.3.7: at most one canonical, an IRI"
    for via in _listed(thing.get("via")):
        if not _is_iri(via):
            yield f"{where}: 3.3.7: via is an IRI"


def _is_date_time(value: Any) -> bool:
    if not (isinstance(value, str) and _DATE_TIME.fullmatch(value)):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _resource(resource: Any, where: str, *, embedded: bool) -> Iterator[str]:
    """A body or a target; only a body may be text embedded in the annotation (3.2)."""
    if isinstance(resource, str):
        if not _is_iri(resource):
            yield f"{where}: 3.2: a resource given as a string is an IRI"
        return
    if not isinstance(resource, dict):
        yield f"{where}: 3.2.6: a body or target is an IRI or an object"
        return
    kinds = _listed(resource.get("type"))
    if "source" in resource or "SpecificResource" in kinds:
        yield from _specific_resource(resource, where)
    elif "value" in resource or "TextualBody" in kinds:
        if not embedded:
            yield f"{where}: 3.2: a target is an external resource, never embedded text"
        if not isinstance(resource.get("value"), str):
            yield f"{where}: 3.2.4: exactly one value, a string"
    else:
        yield from _identity(resource, where, "3.2.1")
    if "textDirection" in resource and resource["textDirection"] not in {"ltr", "rtl", "auto"}:
        yield f"{where}: 3.2.1: textDirection is ltr, rtl or auto"
    for purpose in _listed(resource.get("purpose")):
        if purpose not in MOTIVATIONS and ":" not in str(purpose):
            yield f"{where}: 3.3.5, 4.1: {purpose} is no purpose"
    if "purpose" in resource and not ({"TextualBody", "SpecificResource"} & set(kinds)):
        yield f"{where}: 4.1: only embedded text and a specific resource have a purpose"
    yield from _lifecycle(resource, where)


def _specific_resource(resource: dict[str, Any], where: str) -> Iterator[str]:
    source = resource.get("source")
    if isinstance(source, dict):
        if "source" in source or "value" in source:
            yield f"{where}.source: 4: the source is an external resource"
        yield from _identity(source, f"{where}.source", "3.2.1")
        yield from _lifecycle(source, f"{where}.source")
    elif not _is_iri(source):
        yield f"{where}: 4: exactly one source"
    for number, selector in enumerate(_listed(resource.get("selector"))):
        yield from _selector(selector, f"{where}.selector[{number}]")


def _selector(selector: Any, where: str) -> Iterator[str]:
    if isinstance(selector, str):
        if not _is_iri(selector):
            yield f"{where}: 4.2: a selector given as a string is an IRI"
        return
    kind = selector.get("type") if isinstance(selector, dict) else None
    if kind == "TextQuoteSelector":
        if not isinstance(selector.get("exact"), str):
            yield f"{where}: 4.2.4: exactly one exact, a string"
        for name in ("prefix", "suffix"):
            if name in selector and not isinstance(selector[name], str):
                yield f"{where}: 4.2.4: at most one {name}, a string"
    elif kind == "TextPositionSelector":
        for name in ("start", "end"):
            if not _is_count(selector.get(name)):
                yield f"{where}: 4.2.5: exactly one {name}, a non-negative integer"
        start, end = selector.get("start"), selector.get("end")
        if _is_count(start) and _is_count(end) and start >= end:
            yield f"{where}: 4.2.5: the end comes after the start"
    else:
        yield f"{where}: 4.2.4, 4.2.5: a text selector has exactly one type of theirs, not {kind}"
    for refinement in _listed(selector.get("refinedBy") if isinstance(selector, dict) else None):
        yield from _selector(refinement, f"{where}.refinedBy")


def _collection(collection: dict[str, Any], where: str) -> Iterator[str]:
    yield from _identity(collection, where, "5.1")
    yield from _type(collection, "AnnotationCollection", where, "5.1")
    for label in _listed(collection.get("label")):
        if not isinstance(label, str):
            yield f"{where}: 5.1: a label is a string"
    total = collection.get("total")
    if "total" in collection and not _is_count(total):
        yield f"{where}: 5.1: total is a non-negative integer"
    first = collection.get("first")
    if _is_count(total) and total and len(_listed(first)) != 1:
        yield f"{where}: 5.1: a collection that holds something has exactly one first page"
    if isinstance(first, dict):
        yield from _page(first, f"{where}.first")
        held = len(_listed(first.get("items")))
        if "next" not in first and _is_count(total) and total != held:
            yield f"{where}: 5.1: total counts the annotations: {held}, not {total}"
    elif first is not None and not _is_iri(first):
        yield f"{where}: 5.1: first is a page or its IRI"
    if "last" in collection and not _is_iri(collection["last"]):
        yield f"{where}: 5.1: last is the IRI of a page"


def _page(page: dict[str, Any], where: str) -> Iterator[str]:
    yield from _identity(page, where, "5.2")
    yield from _type(page, "AnnotationPage", where, "5.2")
    items = page.get("items")
    if not isinstance(items, list) or not items:
        yield f"{where}: 5.2: items is an array of one annotation or more"
        return
    for number, item in enumerate(items):
        if isinstance(item, dict):
            yield from _annotation(item, f"{where}.items[{number}]")
        elif not _is_iri(item):
            yield f"{where}.items[{number}]: 5.2: an annotation is an object or an IRI"
    for name in ("next", "prev"):
        if name in page and not _is_iri(page[name]):
            yield f"{where}: 5.2: {name} is the IRI of a page"
    for whole in _listed(page.get("partOf")):
        if not _is_iri(whole.get("id") if isinstance(whole, dict) else whole):
            yield f"{where}: 5.2: partOf is the collection's IRI, or an object with its id"
    if "startIndex" in page and not _is_count(page["startIndex"]):
        yield f"{where}: 5.2: at most one startIndex, a non-negative integer"
