"""Nobody else on the machine reads the data, and no cache keeps a page for the next person."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse

from config.private import private_file, private_folder
from tests import factories

ROOT = Path(__file__).parent.parent


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def manage(folder, *words, umask, **env):
    names = {"COPYTASTER_SECRET_KEY", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**kept, "COPYTASTER_DATA": str(folder), **env},
        umask=umask,
        check=True,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("umask", [0, 0o022, 0o077])
def test_a_new_install_is_its_owners_alone(tmp_path, umask):
    folder = tmp_path / "new" / "data"

    # Looks while the database is open, for what lies beside it then.
    script = (
        "from django.db import connection\n"
        "with connection.cursor() as cursor: cursor.execute('create table t (x)')\n"
        "import os, django.conf\n"
        "for e in os.scandir(django.conf.settings.DATA_DIR):\n"
        "    print(e.name, oct(e.stat().st_mode & 0o777))\n"
    )
    shown = manage(folder, "shell", "--no-imports", "-c", script, umask=umask).stdout

    assert mode(folder) == 0o700
    assert dict(line.split() for line in shown.splitlines()) == dict.fromkeys(
        ("copytaster.sqlite3", "copytaster.sqlite3-wal", "copytaster.sqlite3-shm", "secret_key"),
        "0o600",
    )


def test_an_older_install_is_mended_at_the_next_start(tmp_path):
    folder = tmp_path / "data"
    (folder / "static").mkdir(parents=True)
    for name in ("copytaster.sqlite3", "copytaster.sqlite3-wal", "secret_key", "static/a.css"):
        (folder / name).write_text("")
        (folder / name).chmod(0o644)
    folder.chmod(0o755)

    private_folder(folder)

    assert mode(folder) == 0o700
    assert {mode(each) for each in folder.iterdir() if each.is_file()} == {0o600}
    assert mode(folder / "static" / "a.css") == 0o644


def test_a_database_elsewhere_is_private_and_its_folder_left_alone(tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o755)

    manage(tmp_path / "data", "check", umask=0, DATABASE_URL=f"sqlite:///{folder / 'news.sqlite3'}")

    assert mode(folder / "news.sqlite3") == 0o600
    assert mode(folder) == 0o755


def test_a_folder_of_somebody_else_is_spoken_of_and_used(tmp_path, monkeypatch, capsys):
    def refused(path, mode):
        raise PermissionError(1, "Operation not permitted")

    tmp_path.chmod(0o755)
    monkeypatch.setattr(Path, "chmod", refused)

    private_folder(tmp_path)

    assert f"may read {tmp_path}" in capsys.readouterr().err


def test_a_folder_that_is_everybodys_is_not_closed(tmp_path, capsys):
    tmp_path.chmod(0o1777)

    private_folder(tmp_path)

    assert mode(tmp_path) == 0o1777
    assert "everybody's" in capsys.readouterr().err


def test_a_database_that_cannot_be_made_is_left_to_whoever_opens_it(tmp_path):
    private_file(tmp_path / "nowhere" / "news.sqlite3")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "status"), [("home", 200), ("collection", 200), ("annotations:claims", 200)]
)
def test_pages_are_kept_for_nobody_else(client, harbour, alice, name, status):
    client.force_login(alice)

    response = client.get(reverse(name, args=[] if name == "home" else [harbour.slug]))

    assert response.status_code == status
    assert response["Cache-Control"] == "private, no-cache"
    assert "Cookie" in response["Vary"]


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/nowhere/", "/admin/", "/c/harbour/export/"])
def test_no_answer_leaves_caching_open(client, db, path):
    for who in (None, factories.user("keeper", is_staff=True, is_superuser=True)):
        if who:
            client.force_login(who)
        response = client.get(path)

        assert {"private", "no-cache"} <= set(response["Cache-Control"].split(", ")), path
        assert "Cookie" in response["Vary"]


def test_files_and_programs_answers_are_private_too(client, harbour, alice):
    document = factories.document(harbour, original=b"x")
    factories.mark(document, alice, "port")
    client.force_login(alice)

    for address in (
        reverse("corpus:original", args=[harbour.slug, document.pk]),
        reverse("annotations:export_download", args=[harbour.slug]),
        reverse("annotations:codebook_export", args=[harbour.slug]),
        reverse("annotations:grid_csv", args=[harbour.slug]),
        reverse("annotations:container", args=[harbour.slug]),
    ):
        response = client.get(address)
        assert "private" in response["Cache-Control"], address


def test_an_unchanged_annotation_is_still_answered_304(client, harbour, alice):
    mark = factories.mark(factories.document(harbour), alice, "port")
    client.force_login(alice)
    address = f"{mark.get_absolute_url()}?format=jsonld"

    again = client.get(address, headers={"If-None-Match": client.get(address)["ETag"]})

    assert again.status_code == 304
    assert again["Cache-Control"] == "private, no-cache"


def test_static_files_keep_their_own_rule(client, db):
    response = client.get("/static/css/app.css")

    response.close()
    assert response.status_code == 200
    assert "private" not in response["Cache-Control"]


def test_signing_out_empties_the_cache(client, alice):
    client.force_login(alice)

    response = client.post(reverse("logout"))

    assert response["Clear-Site-Data"] == '"cache"'
