"""Make a collection."""

from django.contrib.auth.models import User
from django.db import transaction

from annotations.models import Codebook
from corpus.models import Collection, Role


@transaction.atomic
def start_collection(collection: Collection, user: User) -> Collection:
    """Store the new collection, with its maker as owner and the default codebook."""
    collection.slug = collection.slug or Collection.free_slug(collection.name)
    collection.save()
    collection.memberships.create(user=user, role=Role.OWNER)
    Codebook.start(collection, user=user)
    return collection
