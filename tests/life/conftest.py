import pytest
from django.apps import apps
from django.core.serializers import serialize

from corpus.models import Living
from corpus.people.models import SecurityEvent
from tests import factories


@pytest.fixture
def stocked(harbour, alice, bob):
    """An import of two documents by alice, with marks of bob and alice, a pair and a story."""
    batch = harbour.batches.create(creator=alice)
    first = factories.document(harbour, "The port closes. Fees rise.", title="First", batch=batch)
    second = factories.document(harbour, "The port shuts. Fees fall.", title="Second", batch=batch)
    for made in (first, second):
        batch.files.create(name=f"{made.title}.txt", outcome="imported", document=made)
    claim = factories.claim(harbour, alice, "Fees rise.")
    factories.mark(first, bob, "Fees rise", claim=claim)
    factories.mark(second, alice, "Fees fall", claim=claim, position="disputes")
    factories.stance(first, bob, "reporting")
    return first, second


@pytest.fixture
def snapshot(db):
    """Every row of ours, as text that is equal where the rows are."""

    def take():
        rows = []
        for label in ("corpus", "annotations"):
            for model in apps.get_app_config(label).get_models():
                if model is SecurityEvent:
                    continue  # it tells of each act, also of those that take another back
                every = model.everything if issubclass(model, Living) else model._base_manager
                rows.append(serialize("json", every.order_by("pk")))
        return rows

    return take
