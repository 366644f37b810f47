import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from annotations.models import Codebook
from corpus.models import Collection, Document, ImportBatch
from tests import factories


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "a.txt").write_text("The port is closed.")
    (tmp_path / "b.md").write_text("# The mud\n\nIt belongs to *us*.")
    (tmp_path / "sub" / "c.HTML").write_text("<p>The levy comes in March.</p>")
    (tmp_path / "sub" / "d.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / ".hidden" / "e.txt").write_text("A secret.")
    return tmp_path


def run(*paths, collection="harbour", **options):
    call_command("import_documents", *map(str, paths), collection=collection, **options)


def names():
    return [file.name.rpartition("/")[2] for file in ImportBatch.objects.get().files.order_by("pk")]


def test_a_folder_means_the_files_in_and_below_it(harbour, folder, capsys):
    run(folder)

    assert names() == ["a.txt", "b.md", "c.HTML"]
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == f"1/3 imported  {folder}/a.txt: The port is closed"
    assert printed[-1] == "3 imported, 0 duplicate, 0 failed"


def test_a_pattern_means_the_files_it_fits(harbour, folder):
    run(folder / "**" / "*.[mH]*")

    assert names() == ["b.md", "c.HTML"]


def test_a_file_named_twice_is_imported_once(harbour, folder):
    run(folder / "a.txt", folder / "*.txt", folder)

    assert names().count("a.txt") == 1


def test_a_file_with_a_pattern_for_a_name_is_a_file(harbour, tmp_path):
    (tmp_path / "[1].txt").write_text("The port is closed.")

    run(tmp_path / "[1].txt")

    assert names() == ["[1].txt"]


def test_failures_are_said_and_the_exit_code_is_1(harbour, folder, capsys):
    with pytest.raises(CommandError, match="2 of 3 files could not be imported") as stop:
        run(folder / "sub" / "d.jpg", folder / "a.txt", folder / "none.txt")

    assert stop.value.returncode == 1
    assert Document.objects.get().title == "The port is closed"
    printed = capsys.readouterr().out
    assert "d.jpg: Files that end in .jpg cannot be read." in printed
    assert "none.txt: It cannot be opened: No such file or directory." in printed


def test_duplicates_are_no_failure(harbour, folder, capsys):
    run(folder / "a.txt")

    run(folder / "a.txt")

    assert "a.txt: has the text of “The port is closed”" in capsys.readouterr().out


def test_json_says_the_same_to_a_program(harbour, folder, capsys):
    (folder / "f.txt").write_bytes(b"one\ntwo\0")

    with pytest.raises(CommandError):
        run(folder / "a.txt", folder / "f.txt", json=True)

    result = json.loads(capsys.readouterr().out)
    assert result == {
        "collection": "harbour",
        "batch": ImportBatch.objects.get().pk,
        "counts": {"imported": 1, "duplicate": 0, "failed": 1},
        "files": [
            {
                "file": f"{folder}/a.txt",
                "outcome": "imported",
                "document": Document.objects.get().pk,
                "title": "The port is closed",
                "reason": "",
                "line": None,
            },
            {
                "file": f"{folder}/f.txt",
                "outcome": "failed",
                "document": None,
                "title": "",
                "reason": "Line 2 holds a NUL byte, so this is not a text file.",
                "line": 2,
            },
        ],
    }


def test_a_missing_collection_is_made_for_the_only_owner_there_is(harbour, bob, folder, capsys):
    run(folder, collection="my-collection")

    made = Collection.objects.get(slug="my-collection")
    assert made.name == "My collection"
    assert made.documents.count() == 3
    assert [(m.user.username, m.role) for m in made.memberships.all()] == [("alice", "owner")]
    assert Codebook.objects.filter(collection=made).exists()
    assert "Made the collection my-collection; it belongs to alice." in capsys.readouterr().err


def test_the_owner_of_a_new_collection_can_be_named(harbour, bob, folder):
    run(folder, collection="levy", owner="bob")

    assert Collection.objects.get(slug="levy").memberships.get().user == bob


@pytest.mark.parametrize(
    ("superuser", "others", "owner"),
    [(True, 0, "root"), (True, 2, "root"), (False, 1, "u0")],
)
def test_with_no_collection_yet_the_only_person_is_the_owner(db, folder, superuser, others, owner):
    for number in range(others):
        factories.user(f"u{number}")
    if superuser:
        factories.user("root", is_superuser=True)
    factories.user("gone", is_active=False)

    run(folder, collection="levy")

    assert Collection.objects.get().memberships.get().user.username == owner


def test_where_several_could_own_it_the_choice_is_asked_for(alice, bob, folder):
    with pytest.raises(CommandError, match="--owner NAME, one of: alice, bob") as stop:
        run(folder, collection="levy")

    assert stop.value.returncode == 2
    assert not Collection.objects.exists()


def test_where_nobody_could_own_it_that_is_said(db, folder):
    with pytest.raises(CommandError, match="createsuperuser") as stop:
        run(folder, collection="levy")

    assert stop.value.returncode == 2
    assert not Collection.objects.exists()


@pytest.mark.parametrize("slug", ["My collection", "../x", "x" * 81, "é"])
def test_a_name_that_no_address_can_hold_makes_no_collection(harbour, folder, slug):
    with pytest.raises(CommandError, match="no name for a collection"):
        run(folder, collection=slug)

    assert Collection.objects.get() == harbour


def test_an_unknown_owner_makes_no_collection(harbour, folder):
    with pytest.raises(CommandError, match="Nobody here signs in as carol"):
        run(folder, collection="levy", owner="carol")

    assert Collection.objects.get() == harbour


def test_without_tables_the_command_says_how_to_make_them(folder, tmp_path):
    (tmp_path / "new").mkdir()
    ended = subprocess.run(
        [sys.executable, "manage.py", "import_documents", str(folder), "--collection", "levy"],
        cwd=Path(__file__).parent.parent.parent,
        env={
            **os.environ,
            "COPYTASTER_DATA": str(tmp_path / "new"),
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 2
    assert "`manage.py migrate` makes it" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_what_nothing_can_be_imported_from_makes_no_collection(alice, tmp_path):
    with pytest.raises(CommandError, match="No file to import"):
        run(tmp_path, collection="levy")

    assert not Collection.objects.exists()


def test_nothing_to_import_is_a_mistake_in_the_call(harbour, tmp_path):
    with pytest.raises(CommandError, match="No file to import") as stop:
        run(tmp_path, tmp_path / "*.txt")

    assert stop.value.returncode == 2
    assert not ImportBatch.objects.exists()


def test_the_importer_can_be_named(harbour, alice, folder):
    run(folder, user="alice")

    assert ImportBatch.objects.get().creator == alice


def test_an_unknown_importer_is_a_mistake_in_the_call(harbour, folder):
    with pytest.raises(CommandError, match="Nobody here signs in as carol") as stop:
        run(folder, user="carol")

    assert stop.value.returncode == 2


def test_a_quiet_run_prints_nothing(harbour, folder, capsys):
    run(folder, verbosity=0)

    assert capsys.readouterr().out == ""
