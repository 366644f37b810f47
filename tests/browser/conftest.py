"""A real browser on a live server; any error in its console fails the test."""

import os

import pytest
from django.conf import settings
from django.test import Client

from corpus.models import Role
from tests import again, factories

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
    return factories.user("alice", pk=1001)  # the sample's people have the first numbers


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
def sample(alice):
    """The sample collection, in which three coders have marked a lot; alice is one of its owners."""
    collection = again.sample(related=True)
    factories.member(collection, alice, Role.OWNER)
    return collection


def session_of(user, live_server):
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    return {"name": cookie.key, "value": cookie.value, "url": live_server.url}


@pytest.fixture
def sign_in(context, live_server):
    """Sign a person in by the session's cookie."""

    def signed_in(user):
        context.add_cookies([session_of(user, live_server)])

    return signed_in


def listen_for_errors(page, errors):
    """Note every error of the page and its console, which names refused policies and requests too."""
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: errors.append(message.text) if message.type == "error" else None,
    )
    page.set_default_timeout(10_000)


@pytest.fixture
def page(page):
    """Playwright's page, which fails the test for any error on the page or in its console."""
    errors = []
    listen_for_errors(page, errors)
    yield page
    assert errors == []


@pytest.fixture
def visit(new_context, live_server):
    """Open a browser of somebody's own, or of nobody's; errors on its pages fail the test."""
    errors = []

    def opened(user=None, *, may_fail=False, **options):
        context = new_context(base_url=live_server.url, **options)
        if user:
            context.add_cookies([session_of(user, live_server)])
        page = context.new_page()
        listen_for_errors(page, [] if may_fail else errors)
        return page

    yield opened
    assert errors == []


PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def phone(visit):
    """Open a telephone of somebody's own, 360 pixels wide and touched."""
    return lambda user: visit(user, **PHONE)
