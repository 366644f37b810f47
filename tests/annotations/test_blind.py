"""Where coding is blind, a coder's pages are the same to the byte whatever the others have done."""

import re
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver, reverse

from annotations.models import Annotation, Claim, Revision
from annotations.states import AnnotationState
from corpus.models import Role
from tests import factories

HTMX = {"hx-request": "true"}
WIRE = (
    "The harbour office said on Monday that the levy will start in March. "
    "Fishing boats pay nothing. Two tugs were sold last year to a firm in the south."
)
COPY = (
    "Nobody was surprised. The harbour office claimed on Monday that the levy will start in May. "
    "Fishing boats pay nothing. A pair of tugs was sold last year to a company in the south."
)
# What carol writes; nothing of it may reach bob. Her first claim says just what he will say.
SECRETS = ("Quillsecret", "Plumsecret", "carolsecret", "Roswitha", "Secretsurname", "Notesecret")
STATEMENT = "Quillsecret tugs were sold in the south"
CAROLS_MARK = UUID("11111111-2222-4333-8444-555555555555")
BEYOND = 7000  # the keys of claims that are made in these tests begin here


@dataclass
class Site:
    """A blind collection with an owner, a curator, two coders and a reader."""

    collection: object
    wire: object
    copy: object
    people: dict
    claims: dict
    marks: dict

    def client(self, name: str) -> Client:
        client = Client()
        client.force_login(self.people[name])
        return client


@pytest.fixture
def site(db) -> Site:
    names = {"carolsecret": {"first_name": "Roswitha", "last_name": "Secretsurname"}}
    people = {
        name: factories.user(name, **names.get(name, {}))
        for name in ("alice", "dan", "bob", "carolsecret", "rea")
    }
    harbour = factories.collection("Harbour", owner=people["alice"], blind=True)
    roles = {"dan": Role.CURATOR, "bob": Role.CODER, "carolsecret": Role.CODER, "rea": Role.READER}
    for name, role in roles.items():
        factories.member(harbour, people[name], role)
    wire = factories.document(harbour, WIRE, title="Wire")
    copy = factories.document(harbour, COPY, title="Copy")
    _continue_keys_at(1)  # a sequence of PostgreSQL goes on where the last test left it
    claims = {
        "alice": factories.claim(harbour, people["alice"], "The levy starts in March."),
        "dan": factories.claim(harbour, people["dan"], "Fishing boats pay no levy."),
        "bob": factories.claim(harbour, people["bob"], "The harbour office spoke on Monday."),
    }
    marks = {
        "bob": factories.mark(
            wire, people["bob"], "the levy will start in March", claim=claims["alice"], note="Mine"
        ),
        "deleted": factories.mark(wire, people["bob"], "Two tugs", claim=claims["bob"]),
        "alice": factories.mark(wire, people["alice"], "Fishing boats", claim=claims["dan"]),
    }
    factories.stance(wire, people["bob"], "reporting")
    factories.absent(claims["dan"], copy, user=people["bob"])
    factories.delete(marks["deleted"], user=people["bob"])
    _continue_keys_at(BEYOND + 1)
    return Site(harbour, wire, copy, people, claims, marks)


def _continue_keys_at(key: int) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "UPDATE sqlite_sequence SET seq = %s WHERE name = 'annotations_claim'", [key - 1]
            )
        else:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('annotations_claim', 'id'), %s, false)", [key]
            )


def passage(document, quote: str, **fields) -> dict:
    start = document.text.index(quote)
    view = f"d={document.pk}"
    place = {"document": document.pk, "start": start, "end": start + len(quote), "exact": quote}
    return {**place, "view": view, **fields}


def carol_works(site: Site) -> None:
    """All that a coder can do, by the pages that she does it on."""
    client = site.client("carolsecret")

    def post(name: str, *args, htmx: bool = True, **data) -> int:
        headers = HTMX if htmx else {}
        return client.post(
            reverse(f"annotations:{name}", args=args), data, headers=headers
        ).status_code

    wire, copy = site.wire, site.copy
    says = {"button": "author:supports"}
    assert post("add_claim", "harbour", statement=STATEMENT) == 200
    other = {"statement": "Plumsecret is in the list"}
    assert post("claim_new", "harbour", htmx=False, **other, code_claim_type="fact") == 302
    assert post("mark", "harbour", **passage(wire, "Two tugs", statement=STATEMENT), **says) == 200
    same = passage(wire, "the levy will start in March", claim=site.claims["alice"].pk)
    assert post("mark", "harbour", **same, **says, id=CAROLS_MARK, note="Notesecret") == 200
    on_bobs = passage(copy, "pay nothing", claim=site.claims["dan"].pk, unsure="on")
    assert post("mark", "harbour", **on_bobs, **says) == 200
    assert post("mark", "harbour", **passage(copy, "A pair", note="Notesecret twice")) == 200
    cell = f"{site.claims['dan'].pk}-{wire.pk}"
    assert post("absent", "harbour", absent=cell) == 200
    sides = {"a": f"{wire.pk}:0:67", "b": str(copy.pk)}
    code = {"codes": "detail_changed", "note": "Notesecret pair", "id": UUID(int=7)}
    assert post("pair", "harbour", **sides, **code) == 200
    for document, stance in ((wire, "opinion"), (copy, "satire")):
        said = {"variable": "stance", "code": stance}
        assert post("code_document", "harbour", document.pk, **said) == 200
    assert post("offers", CAROLS_MARK, verbatim="1", view=f"d={wire.pk}&d={copy.pk}") == 200
    assert post("undo", "harbour") == 200
    assert post("redo", "harbour") == 200
    made = Claim.objects.get(statement=STATEMENT)
    assert post("rename_claim", "harbour", made.pk, statement=f"{STATEMENT}!", version=1) == 200
    back = {"statement": STATEMENT, "version": 2}
    assert post("rename_claim", "harbour", made.pk, **back) == 200
    # What would change everybody's list is not hers to do.
    for name in ("alice", "dan", "bob"):
        claim = site.claims[name]
        shared = name != "bob"
        words = {"statement": "Quillsecret took it over", "version": 1}
        assert post("rename_claim", "harbour", claim.pk, **words) == (403 if shared else 404)
        for act in ("claim_edit", "claim_move", "claim_merge", "claim_split", "claim_delete"):
            data = words | {"move": "up", "into": made.pk}
            assert post(act, "harbour", claim.pk, htmx=False, **data) == (403 if shared else 404)
    assert post("claim_move", "harbour", made.pk, htmx=False, move="up") == 403


# --- every page ----------------------------------------------------------------------------------


def routes(patterns=None, prefix: str = "") -> list[tuple[str, list[str]]]:
    """Every named route of the site that is about a collection, with its parameters."""
    found = []
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = f"{prefix}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            if getattr(pattern, "app_name", "") in {"corpus", "annotations", None, ""}:
                space = f"{pattern.namespace}:" if getattr(pattern, "namespace", None) else ""
                found += [(space + name, kinds) for name, kinds in routes(pattern.url_patterns)]
        elif pattern.name and (route.startswith(("c/", "annotations/")) or not route):
            found.append((pattern.name, re.findall(r"<(\w+:\w+)>", route)))
    return found


def addresses(site: Site) -> list[str]:
    """Each route with every key that there is, and with those that carol's things will have."""
    wire, copy = site.wire.pk, site.copy.pk
    carol = site.people["carolsecret"].pk
    both = f"d={wire}&d={copy}"
    said = site.marks["bob"].targets.get()
    where = f"d={wire}&start={said.start}&end={said.end}"
    exports = [
        f"?format={name}{more}"
        for name in ("csv", "jsonl", "w3c")
        for more in ("", "&coder=carolsecret", f"&claim={BEYOND + 1}", f"&document={wire}")
    ]
    reader = [f"?{both}", f"?{both}&coder=carolsecret", f"?{both}&claim={BEYOND + 1}", f"?d={copy}"]
    queries = {
        "reader": reader,
        "annotations:reader": reader,
        "annotations:paragraphs": [f"?{both}&open={wire}-0&open={copy}-0"],
        "annotations:mark": [f"?{where}", f"?{where}&claim={BEYOND + 1}&via={CAROLS_MARK}"],
        "annotations:pair": [f"?a={wire}:0:67&b={copy}"],
        "annotations:likely_claims": ["?words=Two+tugs+sold", "?words=Quillsecret"],
        "annotations:claims": [
            "",
            "?order=dispute",
            "?order=type&group=date",
            f"?coder={carol}",
            "?q=secret",
            "?kind=fact",
        ],
        "annotations:grid_csv": ["", "?shape=long", f"?coder={carol}&shape=long"],
        "annotations:grid_svg": ["", f"?coder={carol}"],
        "annotations:claim": ["", f"?d={wire}"],
        "annotations:marks": [
            "",
            "?coder=carolsecret",
            "?q=tugs",
            f"?claim={BEYOND + 1}",
            "?note=1",
            "?unsure=1",
        ],
        "annotations:history": ["", "?person=carolsecret", "?kind=create", "?kind=undo"],
        "annotations:export": ["", *exports],
        "annotations:export_download": ["", *exports],
        "annotations:container": ["", "?page=0", "?iris=1", "?page=1"],
        "annotations:annotation": ["", "?format=jsonld"],
        "annotations:offers": [f"?view={both.replace('&', '%26').replace('=', '%3D')}"],
        "annotations:claim_merge": ["", f"?into={BEYOND + 1}"],
        "collection": ["", "?stance=satire", "?stance=reporting", "?q=tugs"],
        "corpus:evidence": [f"?{both}"],
    }
    claims = [*(claim.pk for claim in site.claims.values()), BEYOND + 1]
    documents = [wire, copy]
    values = {
        "slug:slug": [site.collection.slug],
        "uuid:pk": [*(mark.pk for mark in site.marks.values()), CAROLS_MARK, UUID(int=7)],
        "int:pk": [*claims, *documents],
        "int:variable": [1],
    }
    found = []
    for name, kinds in routes():
        made = [()]
        for kind in kinds:
            made = [(*args, value) for args in made for value in dict.fromkeys(values[kind])]
        for args in made:
            address = reverse(name, args=args)
            found += [address + query for query in queries.get(name, [""])]
    return list(dict.fromkeys(found))


def seen(client: Client, addresses: list[str]) -> dict[tuple[str, str], str]:
    """All that the answers say, with their headers; without what no two answers share."""
    found = {}
    for address in addresses:
        kinds = {"page": {"accept": "text/html"}}
        if "/annotations/" in address:
            kinds["data"] = {"accept": "application/ld+json"}
        elif "?" in address:
            kinds["part"] = HTMX
        for kind, headers in kinds.items():
            found[address, kind] = read(client.get(address, headers=headers))
    return found


def read(response) -> str:
    body = response.getvalue() if response.streaming else response.content
    heads = [f"{name}: {value}" for name, value in sorted(response.items())]
    text = "\n".join([str(response.status_code), *heads, body.decode(errors="replace")])
    text = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken["&quot;:\s]+)[\w]+', r"\1", text)
    text = re.sub(r'(name="(?:id|undo_id)" value=")[0-9a-f-]{36}', r"\1", text)
    return re.sub(r"nonce[-=][\"']?[\w+/=-]+", "nonce", text)


def differing(before: dict, after: dict) -> dict:
    """The lines that are not the same, by what was asked."""
    told = {}
    for asked, old in before.items():
        if old != after[asked]:
            pairs = zip(old.splitlines(), after[asked].splitlines(), strict=False)
            lines = [pair for pair in pairs if pair[0] != pair[1]]
            told[asked] = lines[:2] or (len(old), len(after[asked]))
    return told


def test_what_another_coder_does_changes_no_page(site):
    # The coder's every page, and the reader's that show the most.
    client, asked, reader = site.client("bob"), addresses(site), site.client("rea")
    read_by_her = [address for address in asked if "/claims/?" in address or "/read/?" in address]
    before = seen(client, asked)
    hers = seen(reader, read_by_her)
    assert sum(text.startswith("200") for text in before.values()) > 90

    carol_works(site)
    after = seen(client, asked)
    assert differing(hers, seen(reader, read_by_her)) == {}

    assert differing(before, after) == {}
    told = {asked: word for asked, text in after.items() for word in SECRETS if word in text}
    # Her name is in an address that bob has written himself, and nowhere else.
    assert {place: word for place, word in told.items() if word not in place[0]} == {}


def test_who_curates_sees_it_all(site):
    carol_works(site)
    for name in ("alice", "dan"):
        client = site.client(name)
        page = client.get(reverse("annotations:claims", args=["harbour"])).content.decode()
        assert "Quillsecret" in page
        assert "Plumsecret" in page
        history = client.get(reverse("annotations:history", args=["harbour"])).content.decode()
        assert "Notesecret" in history


def test_without_blind_coding_everybody_sees_it(site):
    site.collection.blind = False
    site.collection.save()
    carol_works_openly = site.client("carolsecret").post(
        reverse("annotations:add_claim", args=["harbour"]), {"statement": STATEMENT}, headers=HTMX
    )
    assert carol_works_openly.status_code == 200

    page = site.client("rea").get(reverse("annotations:claims", args=["harbour"]))

    assert STATEMENT in page.content.decode()


def later(site: Site, *, asked: list[str], carol: bool) -> dict:
    """What bob sees of what alice and he have done after carol, or without her."""
    with transaction.atomic():
        if carol:
            carol_works(site)
        made = [
            factories.claim(site.collection, site.people[name], f"{name} adds this later.")
            for name in ("alice", "bob")
        ]
        for number, claim in enumerate(made):
            state = factories.passage(site.copy, ("Monday", "Nobody")[number])
            Annotation.objects.record(
                AnnotationState("assessing", (state,), claim=claim.pk),
                collection=site.collection,
                user=site.people["bob"],
                id=UUID(int=20 + number),
            )
        pages = [*asked, *(claim.get_absolute_url() for claim in made)]
        found = seen(site.client("bob"), pages)
        transaction.set_rollback(True)
    keys = {str(claim.pk): f"NEW{number}" for number, claim in enumerate(made)}

    def plain(text: str) -> str:
        text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+", "NOW", text)
        text = re.sub(r"(ETag|Content-Length): .*", "", text)
        return re.sub("|".join(keys), lambda key: keys[key[0]], text)

    return {(plain(address), kind): plain(text) for (address, kind), text in found.items()}


def test_what_comes_after_is_numbered_as_if_the_others_had_done_nothing(site):
    both = f"d={site.wire.pk}&d={site.copy.pk}"
    pages = ("claims", "grid_csv", "grid_svg", "marks", "history", "container", "export")
    asked = [reverse(f"annotations:{page}", args=["harbour"]) for page in pages]
    download = reverse("annotations:export_download", args=["harbour"])
    asked += [f"{download}?format={name}" for name in ("csv", "jsonl", "w3c")]
    asked += [
        f"{reverse('annotations:likely_claims', args=['harbour'])}?words=adds+this+later",
        f"{reverse('annotations:reader', args=['harbour'])}?{both}",
    ]

    alone = later(site, asked=asked, carol=False)
    beside = later(site, asked=asked, carol=True)

    assert any('"order":5' in text for text in alone.values())
    assert differing(alone, beside) == {}


# --- every change --------------------------------------------------------------------------------


def deeds(site: Site) -> dict[str, tuple[str, list, dict]]:
    """What bob may try, by a name: the route, its keys, and what he sends."""
    wire, copy, claims, marks = site.wire, site.copy, site.claims, site.marks
    says = {"button": "author:supports"}
    both = f"d={wire.pk}&d={copy.pk}"
    new, hers, gone = UUID(int=1), BEYOND + 1, CAROLS_MARK
    mark = {**passage(wire, "Two tugs"), **says, "id": new}
    words = {"statement": "Mine", "version": 1}
    tried = {
        "mark the same": ("mark", [], mark),
        "mark with a listed claim": ("mark", [], mark | {"claim": claims["dan"].pk}),
        "mark with her claim": ("mark", [], mark | {"claim": hers}),
        "mark via her mark": ("mark", [], mark | {"via": gone}),
        "mark and state her claim": ("mark", [], mark | {"statement": STATEMENT}),
        "state her claim": ("add_claim", [], {"statement": STATEMENT.upper(), "view": both}),
        "state a listed claim": ("add_claim", [], {"statement": "the levy starts in march."}),
        "repeat a listed claim": ("add_claim", [], {"statement": "A levy starts in March"}),
        "write her claim": ("claim_new", [], {"statement": f"The {STATEMENT}."}),
        "word mine as hers": (
            "rename_claim",
            [claims["bob"].pk],
            {"statement": f"{STATEMENT}.", "version": 1},
        ),
        "edit mine as hers": (
            "claim_edit",
            [claims["bob"].pk],
            {"statement": f"A {STATEMENT}", "version": 1},
        ),
        "find absent": ("absent", [], {"absent": f"{claims['alice'].pk}-{copy.pk}"}),
        "find hers absent": ("absent", [], {"absent": f"{hers}-{copy.pk}"}),
        "withdraw": ("absent", [], {"withdraw": f"{claims['dan'].pk}-{copy.pk}"}),
        "undo": ("undo", [], {"view": both}),
        "redo": ("redo", [], {"view": both}),
        "undo in the grid": ("claims_undo", [], {}),
        "code": ("code_document", [wire.pk], {"variable": "stance", "code": "opinion"}),
        "pair": (
            "pair",
            [],
            {"a": f"{wire.pk}:0:67", "b": str(copy.pk), "codes": "reworded", "id": new},
        ),
    }
    for name, act, data in (
        ("edit", "edit", passage(wire, "Two tugs", version=1)),
        ("move", "move", passage(wire, "Fishing boats", version=1)),
        ("delete", "delete", {"view": both}),
        ("bring back", "bring_back", {"view": both}),
        ("accept", "offers", {"view": both, "verbatim": "1"}),
    ):
        tried[name] = (act, [marks["deleted" if act == "bring_back" else "bob"].pk], data)
        tried[f"{name} hers"] = (act, [gone], data)
    for act in ("rename_claim", "claim_edit", "claim_move", "claim_merge", "claim_split"):
        data = words | {"move": "up", "into": hers, "passages": "1-0-5"}
        tried[f"{act} of hers"] = (act, [hers], data)
        tried[f"{act} of a listed one"] = (act, [claims["alice"].pk], data)
        tried[f"{act} of mine"] = (act, [claims["bob"].pk], data)
    for act in ("claim_delete", "claim_bring_back"):
        for whose, key in (("hers", hers), ("mine", claims["bob"].pk)):
            tried[f"{act} of {whose}"] = (act, [key], {"version": 1})
    return tried


def answers(site: Site) -> dict[tuple[str, bool], str]:
    """What bob is answered, each time as if he had done nothing else."""
    found = {}
    for name, (act, keys, data) in deeds(site).items():
        for htmx in (False,) if act.startswith("claim") else (True, False):
            client = site.client("bob")
            of_mark = act in {"edit", "move", "delete", "bring_back", "offers"}
            address = reverse(f"annotations:{act}", args=keys if of_mark else ["harbour", *keys])
            with transaction.atomic():
                response = client.post(address, data, headers=HTMX if htmx else {})
                text = read(response)
                if response.status_code == 302:
                    text += read(client.get(response.url))
                text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+", "NOW", text)
                made = Claim.objects.order_by("pk").last().pk
                if made > BEYOND:
                    text = re.sub(rf"(?<!\d){made}(?!\d)", "NEW", text)
                transaction.set_rollback(True)
            found[name, htmx] = text
    return found


def test_no_answer_tells_of_another_coder(site):
    before = answers(site)
    statuses = {name: text[:3] for (name, _), text in before.items()}
    assert statuses["mark and state her claim"] in {"200", "302"}
    assert {"200", "302", "403", "404", "422"} <= {text[:3] for text in before.values()}

    carol_works(site)
    after = answers(site)

    assert differing(before, after) == {}


def test_two_coders_of_one_thought_have_a_claim_each(site):
    carol_works(site)
    client = site.client("bob")

    client.post(
        reverse("annotations:add_claim", args=["harbour"]), {"statement": STATEMENT}, headers=HTMX
    )

    found = Claim.objects.filter(statement=STATEMENT).order_by("pk")
    assert [claim.creator.username for claim in found] == ["carolsecret", "bob"]


# --- who changes their role, and what a curator does ----------------------------------------------


def page_of(site: Site, name: str) -> str:
    client = site.client(name)
    pages = ("claims", "history")
    found = [client.get(reverse(f"annotations:{page}", args=["harbour"])) for page in pages]
    reader = client.get(reverse("annotations:reader", args=["harbour"]), {"d": site.wire.pk})
    return "".join(response.content.decode() for response in (*found, reader))


def test_whose_claim_it_is_goes_by_the_role_of_today(site):
    carol_works(site)
    membership = site.collection.memberships.get(user=site.people["carolsecret"])

    membership.role = Role.CURATOR
    membership.save()
    assert "Quillsecret" in page_of(site, "bob")

    membership.role = Role.CODER
    membership.save()
    assert "Quillsecret" not in page_of(site, "bob")

    membership.delete()
    assert "Quillsecret" not in page_of(site, "bob")


def test_a_claim_of_nobody_any_more_is_for_who_curates(site):
    Claim.objects.filter(pk=site.claims["dan"].pk).update(creator=None)
    Annotation.objects.filter(claim=site.claims["dan"], creator=site.people["bob"]).delete()

    assert "Fishing boats pay no levy" not in page_of(site, "bob")
    assert "Fishing boats pay no levy" in page_of(site, "alice")


def test_what_an_owner_says_of_a_coders_claim_keeps_it_hidden(site):
    carol_works(site)
    hers = Claim.objects.get(statement=STATEMENT)
    factories.mark(site.wire, site.people["alice"], "a firm", claim=hers)

    assert "Quillsecret" not in page_of(site, "bob")


def test_a_claim_that_ones_own_mark_came_to_be_about_is_seen(site):
    carol_works(site)
    hers = Claim.objects.get(statement=STATEMENT)
    factories.mark(site.copy, site.people["bob"], "A pair of tugs", claim=site.claims["bob"])

    factories.merge(site.claims["bob"], hers, user=site.people["alice"])

    assert "Quillsecret" in page_of(site, "bob")


def test_a_claim_merged_into_a_hidden_one_is_gone_without_a_word(site):
    carol_works(site)
    hers = Claim.objects.get(statement="Plumsecret is in the list")
    factories.merge(site.claims["bob"], hers, user=site.people["alice"])
    client = site.client("bob")
    address = reverse("annotations:claim", args=["harbour", site.claims["bob"].pk])

    assert client.get(address).status_code == 404
    renamed = reverse("annotations:rename_claim", args=["harbour", site.claims["bob"].pk])
    told = client.post(renamed, {"statement": "Mine", "version": 1}, headers=HTMX)
    assert told.status_code == 409
    assert "Plumsecret" not in told.content.decode()
    assert "Plumsecret" not in page_of(site, "bob")
    assert "another claim" in page_of(site, "bob")


def test_undoing_what_a_curator_merged_says_nothing_of_it(site):
    carol_works(site)
    hers = Claim.objects.get(statement=STATEMENT)
    factories.merge(hers, site.claims["bob"], user=site.people["alice"])
    client = site.client("bob")

    for _ in range(12):
        html = client.post(
            reverse("annotations:undo", args=["harbour"]), headers=HTMX
        ).content.decode()
        assert not any(word in html for word in SECRETS)


def test_what_was_done_to_a_shared_claim_before_is_not_told(site):
    site.collection.blind = False
    site.collection.save()
    claim, carol = site.claims["alice"], site.people["carolsecret"]
    state = claim.as_state()
    claim.change(
        type(state)(f"{state.statement} Quillsecret", order=state.order),
        user=carol,
        action="rename",
    )
    claim.change(state, user=site.people["alice"], action="rename")
    site.collection.blind = True
    site.collection.save()

    html = site.client("bob").get(reverse("annotations:history", args=["harbour"])).content.decode()

    assert Revision.objects.filter(user=carol).exists()
    assert "carolsecret" not in html
