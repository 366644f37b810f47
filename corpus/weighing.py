"""What goes with documents, an import or a collection, said before it goes."""

from django.db.models import QuerySet

from .dependents import Weight, registered
from .models import Collection, Document


def weigh_documents(documents: QuerySet[Document]) -> list[Weight]:
    """What hangs on the documents; nothing that is not there is named."""
    found = [weight for dependents in registered() for weight in dependents.weigh(documents)]
    return [weight for weight in found if weight.number]


def weigh_collection(collection: Collection) -> list[Weight]:
    """All that goes out of sight with a collection."""
    documents = Document.objects.filter(collection=collection)
    found = [
        Weight(documents.count(), "document", "documents"),
        *weigh_documents(documents),
        *(one for dependents in registered() for one in dependents.weigh_collection(collection)),
        Weight(collection.batches.count(), "import", "imports"),
        Weight(collection.stories.count(), "story", "stories"),
        Weight(collection.memberships.count(), "person who reads it", "people who read it"),
    ]
    return [weight for weight in found if weight.number]
