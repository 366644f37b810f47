"""Whatever people can store stays words: on every page, in every file that a browser shows."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.urls import reverse

from annotations.models import Annotation, Rejection, Target
from annotations.states import AnnotationState
from corpus.models import Document, Role
from corpus.relatives.relating import relate
from tests import factories

from .browser.addresses import every_page

# Closes an attribute and a tag, then asks for something in the name of who looks at it.
SENTINEL = "\"'><i hx-get=/{}>"
RAW = re.compile(r"<i hx-get=/(\d+)>")
ESCAPED = re.compile(r"&lt;i hx-get=/(\d+)&gt;")

# Text in the database that no person can choose: addresses, hashes, and what the program writes.
OURS = {
    "annotations.CodebookVersion.data": "checked as a whole; it is never shown but as differences",
    "annotations.Revision.action": "a word of the program's own list",
    "auth.User.password": "a hash",
    "corpus.Derivation.algorithm": "the program's own name for itself",
    "corpus.Derivation.relation": "a word of the program's own list",
    "corpus.Document.paragraphs": "numbers",
    "corpus.Document.sentences": "numbers",
    "corpus.Document.sha256": "a hash",
    "corpus.StoredComparison.derived": "a hash",
    "corpus.StoredComparison.source": "a hash",
    "corpus.StoredComparison.version": "the engine's own",
}
APPS = {"annotations", "corpus", "auth", "admin"}
TEXT = (models.CharField, models.TextField, models.JSONField)
# In JSON: what leads to a row or a choice. All else there is somebody's words.
LINKS = {"motivation", "role", "codings"}


def text_fields():
    """Every column of every model of ours and of Django's people in which somebody's words stand."""
    for model in apps.get_models():
        if model._meta.app_label not in APPS:
            continue
        for field in model._meta.local_concrete_fields:
            name = f"{model._meta.app_label}.{model.__name__}.{field.name}"
            fixed = field.choices or isinstance(field, models.SlugField) or name in OURS
            if isinstance(field, TEXT) and not fixed and (field.max_length or 99) > 20:
                yield model, field


FIELDS = list(text_fields())


def poisoned(value, words):
    """The JSON with the words added to each string that is not a link."""
    if isinstance(value, dict):
        return {
            name: each if name in LINKS else poisoned(each, words) for name, each in value.items()
        }
    if isinstance(value, list):
        return [poisoned(each, words) for each in value]
    return value + words if isinstance(value, str) else value


def poison():
    """Put a sentinel of its own into every text column of every row."""
    for number, (model, field) in enumerate(FIELDS):
        words, name = SENTINEL.format(number), field.name
        rows = model._base_manager.all()
        if (model, name) == (Target, "exact"):
            rows = rows.exclude(exact="")  # a whole document is not quoted
        if name == "level":
            continue  # a list of four words of ours, as the form and the import see to
        if name == "quick_buttons":
            for row in rows:
                buttons = [[key, label + words, *codes] for key, label, *codes in row.quick_buttons]
                rows.filter(pk=row.pk).update(quick_buttons=buttons)
        elif isinstance(field, models.JSONField):
            for row in rows:
                rows.filter(pk=row.pk).update(**{name: poisoned(getattr(row, name), words)})
        elif (model, name) == (Document, "text"):
            for row in rows:  # as long as before, so that all offsets stay
                rows.filter(pk=row.pk).update(text=words + row.text[len(words) :])
        elif field.max_length and field.max_length < 100:
            rows.update(**{name: words})
        else:
            rows.update(**{name: Concat(F(name), Value(words))})


WIRE = (
    "The harbour will open to every ship in March, the minister said. Nobody was asked.\n\n"
    "The levy will raise 38 million florins a year. “We expect no delay,” Zoë Varga said."
)
REWRITE = (
    "The harbour will open to every ship in April, the minister claimed. Nobody was asked.\n\n"
    "The levy will raise 40 million florins a year. “We expect delays,” Zoë Varga said."
)


@pytest.fixture
def alice(db):
    return factories.user("alice", is_staff=True, is_superuser=True)


@pytest.fixture
def poisoned_harbour(harbour, alice, bob):
    """Something of every kind, each with markup in all its words; alice owns, bob codes."""
    factories.member(harbour, factories.user("rita"), Role.READER)
    texts = {"A": WIRE, "B": REWRITE, "C": f"{WIRE}\n\nMore.", "D": "Something else entirely."}
    one, two, *_ = [
        factories.document(harbour, text, title=title, language="en", original=b"x")
        for title, text in texts.items()
    ]
    two.replaces = one
    two.save()
    claims = [factories.claim(harbour, alice, f"It opens {n}.", description="d") for n in "123"]
    for person in (alice, bob):
        for document in (one, two):
            factories.mark(document, person, "harbour will open", claim=claims[0], note="n")
            factories.stance(document, person, "reporting")
        mark = factories.mark(one, person, "Nobody was asked", claim=claims[1], unsure=True)
    factories.delete(mark, user=bob)
    factories.merge(claims[2], claims[1], user=alice)
    sides = tuple(
        factories.passage(each, "38 million" if each is one else "40 million")
        for each in (one, two)
    )
    pair = harbour.codebook.variables.get(key="change")
    state = AnnotationState("linking", sides).coded(change=pair.codes.first().key)
    Annotation.objects.record(state, collection=harbour, user=alice)
    Rejection.objects.create(user=alice, claim=claims[0], document=two, start=0, end=9)
    relate(harbour)
    book = harbour.codebook
    book.changed("A change", user=alice)
    book.changed("Another", user=alice)
    for order, level in enumerate(("claim", "passage", "document")):
        asked = book.variables.create(
            key=f"asked-{level}",
            label="Asked",
            question="What?",
            level=[level],
            choice="many",
            order=order,
            rules=["r"],
            note="n",
        )
        kept = asked.codes.create(key="kept", label="Kept", definition="d", shortcut="d")
        asked.codes.create(key="gone", label="Gone", retired=True, merged_into=kept)
    LogEntry.objects.log_actions(alice.pk, [one, two], 2, change_message="changed")
    return harbour


def raw_in(response):
    """The fields whose words stand in it as markup, and those that stand in it as words."""
    kind = response.headers.get("Content-Type", "")
    body = b"".join(response) if response.streaming else response.content
    text = body.decode()
    if not kind.startswith(("text/html", "image/svg")):
        return set(), set()
    return set(RAW.findall(text)), set(ESCAPED.findall(text))


def named(numbers):
    return sorted(f"{FIELDS[int(n)][0].__name__}.{FIELDS[int(n)][1].name}" for n in numbers)


@pytest.mark.parametrize("who", ["alice", "bob", "rita"])
def test_stored_markup_is_words_on_every_page(client, poisoned_harbour, who, alice):
    from django.contrib.auth.models import User

    person = User.objects.get(username=who)
    pages = every_page(poisoned_harbour, alice)
    one, two, *_ = poisoned_harbour.documents.order_by("pk")
    slug, both = poisoned_harbour.slug, {"d": [one.pk, two.pk]}
    pages["corpus:evidence"] = reverse("corpus:evidence", args=[slug], query=both)
    pages["annotations:grid_svg"] = reverse("annotations:grid_svg", args=[slug])
    pages["annotations:paragraphs"] = reverse("annotations:paragraphs", args=[slug], query=both)
    pages["annotations:likely_claims"] = reverse(
        "annotations:likely_claims", args=[slug], query={"words": "It opens"}
    )
    merged = poisoned_harbour.codebook.variables.get(key="asked-claim").codes.get(key="gone")
    pages["annotations:code_edit, merged"] = reverse(
        "annotations:code_edit", args=[slug, merged.variable_id, merged.pk]
    )
    for key in ("csv", "jsonl", "w3c"):
        pages[f"annotations:export, {key}"] = reverse(
            "annotations:export", args=[slug], query={"format": key}
        )
    poison()
    client.force_login(person)
    found, shown = {}, set()

    for name, address in pages.items():
        for headers in ({}, {"hx-request": "true"}) if who == "alice" else ({},):
            response = client.get(address, headers=headers)
            assert response.status_code in {200, 302, 403} or who != "alice", (
                name,
                response.status_code,
            )
            raw, words = raw_in(response)
            shown |= words
            if raw:
                found[name] = named(raw)

    assert found == {}
    # The test would prove nothing if the words did not come as far as the pages.
    assert {"Document.title", "Document.text", "Claim.statement", "Code.label"} <= set(named(shown))
    if who == "alice":
        assert {"Variable.question", "User.username", "Annotation.note"} <= set(named(shown))


def test_stored_markup_is_words_in_the_administration(client, poisoned_harbour, alice):
    every_page(poisoned_harbour, alice)  # imports a batch
    poison()
    client.force_login(alice)
    answers = {"index": client.get(reverse("admin:index"))}

    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        listed = answers[model, "list"] = client.get(reverse(f"{name}_changelist"))
        assert listed.status_code == 200
        answers[model, "add"] = client.get(reverse(f"{name}_add"))
        if first := model._default_manager.first():
            for page in ("change", "delete", "history"):
                answers[model, page] = client.get(reverse(f"{name}_{page}", args=[first.pk]))
            answers[model, "delete many"] = client.post(
                reverse(f"{name}_changelist"),
                {"action": "delete_selected", "_selected_action": [first.pk]},
            )

    assert {response.status_code for response in answers.values()} <= {200, 302, 403}
    assert {
        page: named(raw_in(answer)[0]) for page, answer in answers.items() if raw_in(answer)[0]
    } == {}
    shown = set().union(*(raw_in(answer)[1] for answer in answers.values()))
    assert {"User.username", "Code.label", "ImportedFile.reason"} <= set(named(shown))


def test_a_new_column_of_text_is_tried_too():
    tried = {f"{model.__name__}.{field.name}" for model, field in FIELDS}

    assert {"User.username", "Variable.question", "Code.label", "ImportedFile.reason"} <= tried
    assert {
        "Revision.after",
        "Codebook.unit_rules",
        "Document.text",
        "LogEntry.change_message",
    } <= tried
