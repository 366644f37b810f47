"""Which release made a database: older ones are brought up to date, newer ones are refused."""

from collections.abc import Iterable
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from .errors import KeepingError

OURS = frozenset({"annotations", "corpus"})


def refuse_newer(applied: Iterable[tuple[str, str]], place: Path | str) -> None:
    """Raise KeepingError where a migration was applied that this release does not know."""
    known = MigrationLoader(None).disk_migrations
    strange = sorted(
        f"{app}.{name}" for app, name in applied if app in OURS and (app, name) not in known
    )
    if strange:
        raise KeepingError(
            f"{place} was made by a newer release of Copytaster (it has {strange[0]}). "
            "Nothing was changed: install that release, or bring back an older backup."
        )


def waiting(app: str | None = None) -> bool:
    """Whether migrations wait that would change a database which holds something."""
    loader = MigrationLoader(connection)
    refuse_newer(loader.applied_migrations, f"The database {connection.settings_dict['NAME']}")
    if not any(name in OURS for name, _ in loader.applied_migrations):
        return False
    return app is not None or any(
        node not in loader.applied_migrations for node in loader.graph.nodes
    )
