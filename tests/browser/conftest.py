"""A real browser on a live server; any error in its console fails the test."""

import os

import pytest
from django.conf import settings
from django.test import Client

from tests import factories

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

WIRE = (
    "The harbour will open in March, the minister said. Nobody was asked about the plan 🚢.\n\n"
    "The levy will raise 38 million florins a year. Ships under 500 tonnes are exempt from it.\n\n"
    "“We do not expect delays,” Zoë Varga said on Tuesday. The union declined to comment.\n\n"
    "The port employs 2,600 people. It handled 21 million tonnes of cargo last year."
)
REWRITE = (
    "The harbour will open in April, the minister claimed. Nobody was asked about the plan 🚢.\n\n"
    "A crane stood idle in the rain.\n\n"
    "The levy will bring in 40 million florins a year. Vessels under 500 tonnes are exempt.\n\n"
    "“We expect delays,” Zoë Varga said. The union declined to comment.\n\n"
    "The port employs 2,600 people. It handled 21 million tonnes of freight last year."
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": ["--no-sandbox", "--disable-background-networking"],
    }


@pytest.fixture
def alice(transactional_db):
    return factories.user("alice")


@pytest.fixture
def port(alice):
    """A small collection: a report and its rewrite, with claims and overlapping marks on both."""
    collection = factories.collection("Port", owner=alice)
    fields = {"collection": collection, "language": "en"}
    wire = factories.document(text=WIRE, title="Harbour opens", publisher="Petrel", **fields)
    copy = factories.document(text=REWRITE, title="Harbour to open", publisher="Spin", **fields)
    opens = factories.claim(collection, alice, "The harbour opens this spring.")
    levy = factories.claim(collection, alice, "The levy raises about 40 million florins a year.")
    factories.mark(wire, alice, "The harbour will open in March", claim=opens)
    factories.mark(wire, alice, "open in March, the minister said", claim=opens, voice="source")
    factories.mark(wire, alice, "The levy will raise 38 million florins a year", claim=levy)
    factories.mark(copy, alice, "40 million florins", claim=levy, position="disputes")
    return collection


@pytest.fixture
def sign_in(context, live_server):
    """Sign a person in by the session's cookie."""

    def signed_in(user):
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return signed_in


@pytest.fixture
def page(page):
    """Playwright's page, which fails the test for any error on the page or in its console."""
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: errors.append(message.text) if message.type == "error" else None,
    )
    page.set_default_timeout(10_000)
    yield page
    assert errors == []
