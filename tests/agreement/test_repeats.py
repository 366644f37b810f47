from datetime import UTC, datetime, timedelta

from annotations.agreement.coefficients import percent
from annotations.agreement.repeats import Coding, drift, version, week, with_herself

START = datetime(2026, 2, 23, 9, tzinfo=UTC)


def coding(unit, coder, value, day, number=1):
    return Coding(unit, coder, value, START + timedelta(days=day), number)


def test_a_coder_is_compared_with_her_first_coding():
    codings = [
        coding("u2", "ana", "b", 9),
        coding("u1", "ana", "a", 0),
        coding("u1", "ana", "a", 8),
        coding("u2", "ana", "a", 1),
        coding("u3", "ana", "a", 1),
        coding("u1", "bo", "a", 1),
    ]

    found = with_herself(codings)

    assert found.keys() == {"ana"}
    assert sorted(found["ana"].rows()) == [
        ("u1", 1, "a"),
        ("u1", 2, "a"),
        ("u2", 1, "a"),
        ("u2", 2, "b"),
    ]
    assert percent(found["ana"]).value == 0.5


def test_units_belong_to_the_week_in_which_they_could_be_compared():
    codings = [
        coding("u1", "ana", "a", 0),
        coding("u1", "bo", "a", 1),
        coding("u2", "ana", "a", 2),
        coding("u2", "bo", "b", 8),
        coding("u1", "bo", "b", 9),
    ]

    found = drift(codings, week)

    assert {key: percent(table).value for key, table in found.items()} == {
        "2026-W09": 1,
        "2026-W10": 0,
    }
    assert list(found) == ["2026-W09", "2026-W10"]


def test_units_are_told_apart_by_version_of_the_codebook():
    codings = [
        coding("u1", "ana", "a", 0, 1),
        coding("u1", "bo", "b", 1, 1),
        coding("u2", "ana", "a", 2, 1),
        coding("u2", "bo", "a", 3, 2),
    ]

    found = drift(codings, version)

    assert {key: percent(table).value for key, table in found.items()} == {1: 0, 2: 1}
