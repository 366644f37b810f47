from datetime import datetime, timedelta
from pathlib import Path

import pytest

from corpus.keeping import nightly, sqlite
from corpus.keeping.errors import KeepingError
from corpus.keeping.nightly import due, keep_going, keep_nightly


@pytest.mark.parametrize(
    ("now", "there", "wanted"),
    [
        ("2024-03-02 03:00", [], "nightly-2024-03-02"),
        ("2024-03-02 02:59", [], "nightly-2024-03-01"),
        ("2024-03-02 23:00", ["nightly-2024-03-02"], None),
        ("2024-03-02 23:00", ["nightly-2024-03-01"], "nightly-2024-03-02"),
        ("2024-03-01 01:00", ["nightly-2024-02-29"], None),
    ],
)
def test_a_night_is_due_once(tmp_path: Path, now: str, there: list[str], wanted: str | None):
    for name in there:
        (tmp_path / f"{name}{nightly.ending()}").touch()

    found = due(datetime.fromisoformat(now), tmp_path)

    assert (found and found.stem) == wanted


@pytest.mark.django_db(transaction=True)
def test_the_last_nights_are_kept_and_nothing_else_is_touched(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    others = tmp_path / "backups" / "before-restore-2020-01-01-000000.sqlite3"
    others.parent.mkdir()
    others.touch()
    start = datetime.fromisoformat("2024-03-02 04:00")

    for night in range(5):
        monkeypatch.setattr(nightly.timezone, "localtime", lambda n=night: start + timedelta(n))
        keep_nightly(2)
        keep_nightly(2)

    names = sorted(path.stem for path in others.parent.iterdir())
    assert names == ["before-restore-2020-01-01-000000", "nightly-2024-03-05", "nightly-2024-03-06"]


def test_a_night_that_fails_is_said_once_and_tried_again(monkeypatch):
    answers = iter([KeepingError("full"), KeepingError("full"), None, KeepingError("full")])
    said: list[str] = []

    def night(keep: int) -> None:
        if answer := next(answers):
            raise answer

    monkeypatch.setattr(nightly, "keep_nightly", night)
    turns = iter([True, True, True, False])
    keep_going(7, pause=lambda: next(turns), say=said.append)

    assert said == ["No backup of the night: full"] * 2


@pytest.mark.parametrize(
    ("version", "faulty"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
        ((4, 0, 0), False),
    ],
)
def test_the_fault_of_the_log_is_known_by_version(version: tuple[int, int, int], faulty: bool):
    assert sqlite.may_lose_its_log(version) is faulty
