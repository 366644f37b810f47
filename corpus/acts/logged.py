"""Where the acts of this package say what was done, by whom."""

import logging

from django.contrib.auth.models import User

from corpus.models import Collection

logger = logging.getLogger("copytaster.acts")


def log(user: User | None, deed: str, *, collection: Collection, words: str) -> None:
    """Note what a person did to a collection; the transaction of the act is the log's too."""
    who = user.get_username() if user else "nobody"
    logger.info("%s in %s by %s: %s", deed, collection.slug, who, words)
