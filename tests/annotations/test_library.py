import pytest
from django.urls import reverse

from corpus.models import Collection, Role
from tests import factories


def page(client, user, collection, **query):
    client.force_login(user)
    return client.get(collection.get_absolute_url(), query)


def test_the_first_page_says_what_to_do(client, alice):
    client.force_login(alice)

    response = client.get(reverse("home"))

    assert "Make your first collection" in response.text


def test_who_makes_a_collection_owns_it(client, alice):
    client.force_login(alice)

    response = client.post(reverse("collection_new"), {"name": "The levy", "description": ""})

    collection = Collection.objects.get()
    assert response.url == collection.get_absolute_url() == "/c/the-levy/"
    assert collection.memberships.get().role == Role.OWNER
    assert collection.codebook.variables.filter(key="stance").exists()


def test_two_collections_of_one_name_get_two_addresses(client, alice):
    client.force_login(alice)

    for _ in range(2):
        client.post(reverse("collection_new"), {"name": "The levy"})

    assert set(Collection.objects.values_list("slug", flat=True)) == {"the-levy", "the-levy-2"}


def test_a_collection_without_a_name_is_refused_in_words(client, alice):
    client.force_login(alice)

    response = client.post(reverse("collection_new"), {"name": ""})

    assert response.status_code == 422
    assert "This field is required" in response.text
    assert not Collection.objects.exists()


def test_home_lists_only_ones_own_collections(client, harbour, bob, stranger):
    factories.mark(factories.document(harbour), bob, "port")
    client.force_login(bob)
    mine = client.get(reverse("home")).text
    client.force_login(stranger)
    theirs = client.get(reverse("home")).text

    assert "Harbour" in mine
    assert "1 document," in mine
    assert "1 mark." in mine
    assert "Harbour" not in theirs


@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("bob", 200), ("stranger", 404)])
def test_strangers_do_not_know_of_the_collection(client, harbour, request, who, status):
    assert page(client, request.getfixturevalue(who), harbour).status_code == status


def test_visitors_are_asked_to_sign_in(client, harbour):
    response = client.get(harbour.get_absolute_url())

    assert response.status_code == 302
    assert response.url.startswith("/sign-in/")


def test_an_empty_collection_teaches(client, harbour, alice, bob):
    assert "Drop files anywhere" in page(client, alice, harbour).text
    assert "Drop files anywhere" not in page(client, bob, harbour).text


def test_documents_show_stance_and_origin_in_plain_words(client, harbour, bob):
    document = factories.document(harbour, publisher="Meridian Wire")
    factories.stance(document, bob, "reporting")
    factories.stance(document, bob, "wire", "origin")

    text = page(client, bob, harbour).text

    assert "Wire reporting" in text
    assert "Meridian Wire" in text
    assert "coders differ" not in text


def test_coders_who_differ_are_seen_to_differ(client, harbour, alice, bob):
    document = factories.document(harbour)
    factories.stance(document, bob, "reporting")
    factories.stance(document, alice, "opinion")

    text = page(client, bob, harbour).text

    assert "Reporting" in text
    assert "coders differ" in text


def test_blind_coders_do_not_see_that_others_differ(client, harbour, alice, bob):
    harbour.blind = True
    harbour.save()
    document = factories.document(harbour)
    factories.stance(document, bob, "reporting")
    factories.stance(document, alice, "opinion")

    assert "coders differ" not in page(client, bob, harbour).text


def test_documents_are_found_by_word_stance_and_publisher(client, harbour, bob):
    factories.document(harbour, "Rain fell on the pier.", title="Rain", publisher="A")
    opinion = factories.document(harbour, "The mayor should go.", title="Mayor", publisher="B")
    factories.stance(opinion, bob, "opinion")

    def titles(**query):
        rows = page(client, bob, harbour, **query).context["rows"]
        return {row.document.title for row in rows}

    assert titles() == {"Rain", "Mayor"}
    assert titles(q="pier") == {"Rain"}
    assert titles(stance="opinion") == {"Mayor"}
    assert titles(publisher="A") == {"Rain"}
    assert titles(q="nowhere") == set()


def test_htmx_gets_the_list_alone(client, harbour, bob):
    factories.document(harbour)
    client.force_login(bob)

    response = client.get(harbour.get_absolute_url(), headers={"hx-request": "true"})

    assert response.text.strip().startswith('<section id="documents"')


def test_queries_do_not_grow_with_the_library(client, harbour, bob, django_assert_max_num_queries):
    for number in range(12):
        document = factories.document(harbour, f"Text {number}.", title=f"Title {number}")
        factories.stance(document, bob, "reporting")
        factories.mark(document, bob, "Text")
    client.force_login(bob)

    with django_assert_max_num_queries(11):
        response = client.get(harbour.get_absolute_url())

    assert len(response.context["rows"]) == 12


def test_the_library_groups_documents_by_story(client, harbour, bob):
    story = harbour.stories.create(name="The levy")
    factories.document(harbour, "One.", title="The levy", story=story)
    factories.document(harbour, "Two.", title="Alone")
    factories.document(harbour, "Three.", title="Rewrite", story=story)

    grouped = page(client, bob, harbour, order="story").text
    plain = page(client, bob, harbour).text

    places = [grouped.index(f">{words}</") for words in ("The levy", "Rewrite", "In no story")]
    assert places == sorted(places)
    assert grouped.count("The levy</th>") == 1
    assert "story: The levy" not in grouped
    assert plain.count("story: The levy") == 1
