"""The sample collection: one invented event told six ways, and what three coders said about it.

The six texts lie beside this module as a newsroom would receive them. marks.json says who
published them, which claims they make and what each coder marked, by the exact words. Everything
is stored as the pages store it, so the log of changes is there too. `manage.py build_sample`
writes the result to annotations/fixtures/sample.json.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.contrib.auth.models import User
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Min

from annotations.acts.claims import Merging, merge
from annotations.acts.done import Seen
from annotations.acts.marks import delete
from annotations.models import (
    Annotation,
    Claim,
    ClaimCoding,
    Code,
    Codebook,
    CodebookVersion,
    Coding,
    Numbering,
    Revision,
    Target,
    Variable,
)
from annotations.states import AnnotationState, ClaimState, Codings, TargetRole, TargetState
from corpus.imports.storing import Upload, import_files
from corpus.models import Collection, Document, ImportBatch, ImportedFile, Membership

SLUG = "sample"
FIXTURE = Path(__file__).parent.parent / "fixtures" / "sample.json"

HERE = Path(__file__).parent
# No such password can be typed; nobody signs in as a coder of the sample.
NO_PASSWORD = "!"  # noqa: S105
BEGUN = datetime(2024, 2, 14, 9, tzinfo=UTC)
STEP = timedelta(seconds=40)

Row = dict[str, Any]


@transaction.atomic
def build() -> Collection:
    """Store the sample collection; the database must not have one with its slug."""
    plan: Row = json.loads((HERE / "marks.json").read_text(encoding="utf-8"))
    collection = Collection.objects.create(**plan["collection"])
    coders = {row["username"]: _join(collection, row) for row in plan["coders"]}
    owner = next(iter(coders.values()))
    Codebook.start(collection, user=owner)
    documents = _import(collection, plan["documents"], creator=owner)
    claims = {
        row["key"]: Claim.objects.record(
            ClaimState(row["statement"], codings=_codings(row["codes"])),
            collection=collection,
            user=coders[row["by"]],
        )
        for row in plan["claims"]
    }
    for name, coder in coders.items():
        for row in plan["marks"]:
            if name in row["by"]:
                _mark(collection, row, coder=coder, documents=documents, claims=claims)
    for row in plan["claims"]:
        if "merged_into" in row:
            merging = Merging(claims[row["key"]], claims[row["merged_into"]])
            merge(collection, owner, merging)
    return collection


def _join(collection: Collection, row: Row) -> User:
    """Give a coder a role; a person of the same name who is not of the sample stays out of it."""
    name, number = row["username"], 2
    while User.objects.filter(username=name).exclude(password=NO_PASSWORD).exists():
        name, number = f"{row['username']}{number}", number + 1
    user, _ = User.objects.get_or_create(
        username=name, defaults={"password": NO_PASSWORD, "first_name": row["first_name"]}
    )
    Membership.objects.create(collection=collection, user=user, role=row["role"])
    return user


def _import(collection: Collection, rows: list[Row], *, creator: User) -> dict[str, Document]:
    """Import the files, then correct what their own words do not tell."""
    paths = [HERE / row["file"] for row in rows]
    uploads = (Upload(path.name, path.stat().st_size, path.read_bytes) for path in paths)
    batch = import_files(collection, creator, uploads)
    imported = {file.name: file.document for file in batch.files.select_related("document")}
    documents = {}
    for row in rows:
        document = imported[row["file"]]
        if document is None:
            raise ValueError(f"{row['file']} was not imported.")
        for name in row.keys() - {"key", "file"}:
            setattr(document, name, row[name])
        document.full_clean()
        document.save()
        documents[row["key"]] = document
    # They bear titles that were guessed. Whoever shows the sample relates its documents anew.
    collection.stories.all().delete()
    return documents


def _mark(
    collection: Collection,
    row: Row,
    *,
    coder: User,
    documents: dict[str, Document],
    claims: dict[str, Claim],
) -> None:
    """Record one mark as it came about: as it was at first, as it became, and deleted if it was."""
    final = _state(row, documents, claims)
    first = _state(row | row["first"], documents, claims) if "first" in row else final
    annotation = Annotation.objects.record(first, collection=collection, user=coder)
    if "first" in row:
        annotation.change(final, user=coder)
    if row.get("deleted"):
        delete(collection, coder, Seen(annotation))


def _state(row: Row, documents: dict[str, Document], claims: dict[str, Claim]) -> AnnotationState:
    if "pair" in row:
        motivation = Annotation.Motivation.LINKING
        targets = [_passage(documents[key], quote) for key, quote in row["pair"].items()]
    elif "quote" in row:
        document = documents[row["document"]]
        targets = [passage := _passage(document, row["quote"])]
        roles: tuple[TargetRole, ...] = ("source", "cue")
        targets += [_near(document, row[role], passage, role) for role in roles if role in row]
        assesses = "claim" in row
        motivation = Annotation.Motivation.ASSESSING if assesses else _motivation(row)
    else:
        motivation = _motivation(row)
        targets = [TargetState(documents[row["document"]].pk)]
    return AnnotationState(
        motivation.value,
        tuple(targets),
        codings=_codings(row.get("codes", {})),
        claim=claims[row["claim"]].pk if "claim" in row else None,
        note=row.get("note", ""),
        unsure=row.get("unsure", False),
    )


def _motivation(row: Row) -> Annotation.Motivation:
    motivation = Annotation.Motivation
    return motivation.CLASSIFYING if "codes" in row else motivation.COMMENTING


def _codings(codes: dict[str, str | list[str]]) -> Codings:
    return tuple(
        (variable, code)
        for variable, chosen in codes.items()
        for code in ([chosen] if isinstance(chosen, str) else chosen)
    )


def _passage(document: Document, quote: str) -> TargetState:
    if document.text.count(quote) != 1:
        raise ValueError(f"{document}: “{quote}” must be there once.")
    start = document.text.index(quote)
    return TargetState(document.pk, start, start + len(quote), quote)


def _near(document: Document, words: str, passage: TargetState, role: TargetRole) -> TargetState:
    """The words of a source or a cue, where they are nearest to the passage."""
    places = [found.start() for found in re.finditer(re.escape(words), document.text)]
    if not places or passage.start is None or passage.end is None:
        raise ValueError(f"{document}: “{words}” is not there.")
    middle = (passage.start + passage.end) / 2
    start = min(places, key=lambda place: abs(place + len(words) / 2 - middle))
    return TargetState(document.pk, start, start + len(words), words, role)


# --- the fixture ---------------------------------------------------------------------------------


def fixture(collection: Collection) -> str:
    """The collection as a Django fixture, one row a line, with moments and identifiers fixed.

    Moments follow the log of changes, a step for each; identifiers follow the order in which they
    appear. So the same sources give the same text.
    """
    rows = serializers.serialize("python", _dated(collection))
    lines = (json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False) for row in rows)
    return _renamed("[\n" + ",\n".join(lines) + "\n]\n")


def _dated(collection: Collection) -> Iterator[models.Model]:
    revisions = list(Revision.objects.filter(collection=collection).order_by("pk"))
    moments: dict[tuple[str, Any], list[datetime]] = {}
    for number, revision in enumerate(revisions):
        revision.created = BEGUN + number * STEP
        of = ("annotation", revision.annotation_id) if revision.annotation_id else None
        moments.setdefault(of or ("claim", revision.claim_id), []).append(revision.created)
    for record in _records(collection):
        match record:
            case User():
                record.date_joined = BEGUN
                record.last_login = None
            case Collection() | ImportBatch() | CodebookVersion():
                record.created = BEGUN
            case Document():
                record.imported_at = BEGUN
            case Annotation() | Claim():
                own = moments[record._meta.model_name or "", record.pk]
                record.created, record.modified = own[0], own[-1]
                record.deleted_at = record.deleted_at and own[-1]
        yield record
    yield from revisions


def _records(collection: Collection) -> Iterator[models.Model]:
    """All rows but the log, in an order that a load can follow."""
    yield from User.objects.filter(memberships__collection=collection).order_by("pk")
    yield collection
    yield from collection.memberships.order_by("pk")
    yield from collection.batches.order_by("pk")
    yield from collection.documents.order_by("pk")
    yield from ImportedFile.objects.filter(batch__collection=collection).order_by("pk")
    codebook = Codebook.objects.filter(collection=collection)
    yield from codebook
    yield from CodebookVersion.objects.filter(codebook__in=codebook).order_by("pk")
    yield from Variable.objects.filter(codebook__in=codebook).order_by("pk")
    yield from Code.objects.filter(variable__codebook__in=codebook).order_by("pk")
    yield from collection.claims.order_by("pk")
    yield from Numbering.objects.filter(collection=collection)
    yield from ClaimCoding.objects.filter(claim__collection=collection).order_by("pk")
    yield from collection.annotations.annotate(first=Min("revisions__pk")).order_by("first")
    yield from Target.objects.filter(annotation__collection=collection).order_by("pk")
    yield from Coding.objects.filter(annotation__collection=collection).order_by("pk")


def _renamed(text: str) -> str:
    names: dict[str, str] = {}

    def name(found: re.Match[str]) -> str:
        sample = f"https://copytaster.example/sample/{len(names)}"
        return names.setdefault(found[0], str(uuid5(NAMESPACE_URL, sample)))

    return re.sub(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", name, text)
