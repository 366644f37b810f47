"""Rows that are put in again are those that the step made."""

from django.contrib.auth.models import User
from django.core.serializers import serialize
from django.db import connection, transaction

from annotations.models import Annotation
from tests import again, factories


def test_rows_put_in_are_those_that_the_step_made(db):
    stored = []

    for _ in range(2):
        with transaction.atomic():
            again.sample(related=True)
            rows = again._stored()
            stored.append([serialize("json", rows[model].values()) for model in rows])
            transaction.set_rollback(True)

    assert stored[0] == stored[1]
    assert "Competitors did not wait" in "".join(stored[0])


def test_rows_put_in_hang_together_and_new_ones_come_after_them(db):
    with transaction.atomic():
        again.sample()
        transaction.set_rollback(True)

    again.sample()

    connection.check_constraints()
    added = factories.user("later")
    assert added.pk == User.objects.order_by("pk").last().pk
    assert Annotation.objects.exists()
