"""Makes the database and the people of a server that a test starts; prints who has which session."""

import json

import django

django.setup()

from importlib import import_module  # noqa: E402

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402

from corpus.starting import bring_database_up_to_date, collect_static_files  # noqa: E402
from tests import factories  # noqa: E402


def session_of(user) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


bring_database_up_to_date(lambda words: None)
collect_static_files(lambda words: None)
people = {name: factories.user(name) for name in ("alice", "bob", "carol")}
collection = factories.collection("Harbour", owner=people["alice"])
for number in range(20):
    factories.document(collection=collection, title=f"Report {number}", text=f"Port {number}.")
sessions = {name: session_of(user) for name, user in people.items()}
names = {"session": settings.SESSION_COOKIE_NAME, "csrf": settings.CSRF_COOKIE_NAME}
print(json.dumps({"sessions": sessions, "cookies": names}))
