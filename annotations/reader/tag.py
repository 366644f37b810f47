"""The tag (ETag) of a reading page: it changes whenever anything that the page shows does."""

from functools import cache
from hashlib import sha256

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Model
from django.middleware.csrf import get_token
from django.templatetags.static import static

from annotations.history import Reach
from corpus.comparison import VERSION
from corpus.http import Request
from corpus.models import Collection

from .loading import Rows

# A sign-in changes the first; nothing on a page shows either.
_OF_NO_MATTER = frozenset({"last_login", "password"})


def tag_of(request: Request, collection: Collection, rows: Rows, reach: Reach) -> str:
    """A weak tag: two pages with it differ in the mask of their forms' token at most.

    It is made of all values that the page is made of: the rows as they are, who asks for what, and
    the program itself. The secret behind the token is among them, since forms of an older one fail.
    """
    get_token(request)
    parts = (
        request.get_full_path(),
        request.META.get("CSRF_COOKIE"),
        _program() if not settings.DEBUG else _program.__wrapped__(),
        _fields(request.user),
        _fields(collection),
        collection.role,
        [_fields(document) for document in rows.documents],
        rows.targets,
        rows.alike,
        [_fields(claim) for claim in rows.claims],
        rows.codebook.version,
        reach,
        rows.derivations,
    )
    return f'W/"{sha256(repr(parts).encode(errors="surrogatepass")).hexdigest()[:32]}"'


def _fields(row: Model | User) -> list[object]:
    """The values of all fields that are loaded."""
    skipped = row.get_deferred_fields() | _OF_NO_MATTER
    names = [field.attname for field in row._meta.concrete_fields]
    return [getattr(row, name) for name in names if name not in skipped]


@cache
def _program() -> str:
    """What the pages are made by: our templates and modules, and the addresses of static files."""
    found = sha256(f"{VERSION} {static('css/app.css')} {static('js/reader.js')}".encode())
    for folder in ("annotations", "config", "corpus", "templates"):
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".json"):
                found.update(path.read_bytes())
    return found.hexdigest()
