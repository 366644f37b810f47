"""Whatever stands in an address or a form, no page breaks over it."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from annotations.models import Claim
from corpus.models import Document
from tests import factories

from .browser.addresses import every_page
from .test_methods import ROUTES, TAKEN

DIGITS = "9" * 5_000
HOSTILE = {
    "NUL": "a%00b",
    "5000 digits": DIGITS,
    "5000 digits below zero": f"-{DIGITS}",
    "20 digits": "9" * 20,
    "half a pair": "%ED%A0%80",
    "no UTF-8": "%FF%FE",
    "other digits": "%D9%A3%C2%B2",
    "nothing": "",
    "zero": "0",
    "a fraction": "1.5e999",
    "no number": "NaN",
    "long": "x" * 5_000,
    "a span": f"{DIGITS}:{DIGITS}:-1",
    "a list": "[]",
}
# Every name that any page of ours or of the administration reads from its address, and from a form.
NAMES = (
    "a arrange b claim code coder coders codes d document end exact format iris kind layer layers "
    "mark next note open order p page person q sort start state unsure variable view words "
    "e all o _facets id__exact collection__id__exact created__year creator__id__exact"
)
FIELDS = (
    "a absent after b bring_back button claim code codes d direction document down end exact file "
    "id into key kind label level name note operation order partial passages pk redo role rules "
    "start statement state text title to undo unsure uploads url username variable version via "
    "view withdraw words code_voice code_position code_stance code_certainty code_claim_type"
)
# Every value in its turn is for `make soak`; here each name meets some.
SOME = ["NUL", "5000 digits", "20 digits"]
each_value = pytest.mark.parametrize(
    "value",
    [
        pytest.param(value, id=name, marks=[] if name in SOME else pytest.mark.soak)
        for name, value in HOSTILE.items()
    ],
)


@pytest.fixture
def everything(harbour, alice, bob):
    """A collection with a mark, a pair, a claim; and its owner, who keeps the site too."""
    alice.is_staff = alice.is_superuser = True
    alice.save()
    one, two, *_ = [
        factories.document(harbour, f"The port is closed. {words}", title=words)
        for words in ("One.", "Two.", "Three.", "Four.")
    ]
    claims = [factories.claim(harbour, alice, words) for words in ("It is.", "It is not.")]
    factories.mark(one, alice, "port", claim=claims[0])
    factories.stance(two, bob, "reporting")
    return harbour


def calm(alice):
    """A client that gets what a browser gets, a page, where a view raises."""
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    return client


def broken(answers):
    return {
        about: answer.status_code for about, answer in answers.items() if answer.status_code >= 500
    }


@each_value
def test_no_page_breaks_over_what_its_address_asks_for(everything, alice, value):
    client = calm(alice)
    query = "&".join(f"{name}={value}" for name in NAMES.split())
    pages = {name: url.partition("?")[0] for name, url in every_page(everything, alice).items()}
    pages |= {name: ROUTES[name] for name in ROUTES if name not in pages and "GET" in TAKEN[name]}

    answers = {name: client.get(f"{url}?{query}") for name, url in pages.items()}

    assert broken(answers) == {}


@pytest.mark.soak
@each_value
def test_one_value_amid_good_ones_breaks_no_page(everything, alice, value):
    client = calm(alice)
    answers = {}

    for page, url in every_page(everything, alice).items():
        path, _, query = url.partition("?")
        good = [pair.split("=") for pair in query.split("&") if pair]
        for at in range(len(good)):
            pairs = [(name, value if n == at else one) for n, (name, one) in enumerate(good)]
            asked = "&".join(f"{name}={one}" for name, one in pairs)
            answers[page, good[at][0]] = client.get(f"{path}?{asked}")

    assert broken(answers) == {}


@each_value
def test_no_form_breaks_over_what_is_sent(everything, alice, value):
    client = calm(alice)
    body = "&".join(f"{name}={value}" for name in FIELDS.split())
    urls = {name: url.partition("?")[0] for name, url in every_page(everything, alice).items()}
    urls = {name: url for name, url in {**ROUTES, **urls}.items() if "POST" in TAKEN.get(name, ())}

    answers = {
        name: client.post(url, body, content_type="application/x-www-form-urlencoded")
        for name, url in urls.items()
    }

    assert broken(answers) == {}


@each_value
def test_no_path_breaks(everything, alice, value):
    client = calm(alice)
    paths = [f"/{value}/", f"/c/{value}/", f"/c/harbour/claims/{value}/", f"/annotations/{value}"]
    paths += [f"/c/harbour/documents/{value}/", f"/admin/corpus/document/{value}/change/"]
    paths += [f"/static/{value}", f"/sign-in/?next={value}"]

    answers = {path[:60]: client.generic("GET", path) for path in paths}

    assert broken(answers) == {}


@each_value
def test_the_administration_does_not_break(everything, alice, value):
    client = calm(alice)
    answers = {}

    models = (
        list(admin.site._registry) if value not in map(HOSTILE.get, SOME) else [Document, Claim]
    )
    for model in models:
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for name in ("q", "p", "e", "id__exact", "pk__in"):
            answers[model.__name__, name] = client.get(f"{url}?{name}={value}")

    assert broken(answers) == {}


@pytest.mark.parametrize(
    "value",
    ['"\\000aaaaaaaaaaaa"', DIGITS, "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")],
)
def test_no_cookie_breaks_a_page(db, value):
    client = Client(raise_request_exception=False)

    for name in ("sessionid", "csrftoken", "messages"):
        response = client.get("/sign-in/", headers={"Cookie": f"{name}={value}"})
        assert response.status_code < 500, name
        response = client.get("/", headers={"Cookie": f"{name}={value}"})
        assert response.status_code < 500, name
