import pytest
from django.urls import reverse

from annotations.models import Annotation, Coding, Revision
from corpus.models import Role
from tests import factories

HTMX = {"hx-request": "true"}


def code(client, who, document, variable, value, *, htmx=True, slug="harbour"):
    client.force_login(who)
    return client.post(
        reverse("annotations:code_document", args=[slug, document.pk]),
        {"variable": variable, "code": value, "view": f"d={document.pk}"},
        headers=HTMX if htmx else {},
    )


def test_stance_is_set_changed_and_cleared(client, harbour, bob):
    document = factories.document(harbour)

    codes = []
    for value in ("reporting", "opinion", "opinion", ""):
        assert code(client, bob, document, "stance", value).status_code == 200
        codes.append(list(Coding.objects.filter(document=document).values_list("code__key")))

    assert codes == [[("reporting",)], [("opinion",)], [("opinion",)], []]
    assert Annotation.objects.count() == 1
    assert list(Revision.objects.order_by("pk").values_list("action", flat=True)) == [
        "create",
        "edit",
        "delete",
    ]


def test_stance_and_origin_are_two_annotations_read_as_one(client, harbour, bob):
    document = factories.document(harbour)
    code(client, bob, document, "stance", "opinion")

    html = code(client, bob, document, "origin", "republished").content.decode()

    assert Annotation.objects.live().count() == 2
    assert f'id="stance-{document.pk}"' in html
    assert "Republished opinion" in html


def test_without_a_script_the_answer_leads_back(client, harbour, bob):
    document = factories.document(harbour)

    response = code(client, bob, document, "stance", "opinion", htmx=False)

    assert response.status_code == 302
    assert response.url.endswith(f"?d={document.pk}#column-{document.pk}")


def test_coders_do_not_change_one_another_s_stance(client, harbour, alice, bob):
    document = factories.document(harbour)
    code(client, bob, document, "stance", "opinion")

    code(client, alice, document, "stance", "reporting")

    given = dict(Coding.objects.values_list("creator__username", "code__key"))
    assert given == {"alice": "reporting", "bob": "opinion"}


def test_a_stance_cleared_and_given_again_can_be_undone(client, harbour, bob):
    document = factories.document(harbour)
    for value in ("opinion", "", "analysis"):
        code(client, bob, document, "stance", value)

    client.post(reverse("annotations:undo", args=["harbour"]), {"view": f"d={document.pk}"})

    assert not Annotation.objects.live().exists()


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("stance", "angry", "has no answer"),
        ("mood", "angry", "no question"),
        ("presence", "absent", "no question"),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_what_the_codebook_does_not_have_is_refused(
    client, harbour, bob, variable, value, reason, htmx
):
    document = factories.document(harbour)

    response = code(client, bob, document, variable, value, htmx=htmx)

    assert response.status_code == 422
    assert reason in response.content.decode()


def test_who_may_give_a_stance(client, harbour, alice, bob, stranger):
    rita = factories.user("rita")
    factories.member(harbour, rita, Role.READER)
    document = factories.document(harbour)

    statuses = [
        code(client, who, document, "stance", "opinion").status_code
        for who in (alice, bob, rita, stranger)
    ]

    assert statuses == [200, 200, 403, 404]


def test_a_document_of_another_collection_is_not_found(client, harbour, alice, bob):
    elsewhere = factories.document(factories.collection("Elsewhere", owner=alice))

    assert code(client, alice, elsewhere, "stance", "opinion").status_code == 404


def test_setting_a_stance_takes_few_queries(client, harbour, bob, django_assert_max_num_queries):
    document = factories.document(harbour)
    for number in range(20):
        factories.mark(document, bob, "port", claim=factories.claim(harbour, bob, f"{number}"))
    client.force_login(bob)
    address = reverse("annotations:code_document", args=["harbour", document.pk])

    with django_assert_max_num_queries(42):
        client.post(
            address, {"variable": "stance", "code": "opinion", "view": f"d={document.pk}"},
            headers=HTMX,
        )  # fmt: skip
