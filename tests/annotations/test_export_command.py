import json
import os
import stat
import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from annotations.management.commands.export_annotations import write_whole
from corpus.models import Collection
from tests import factories
from tests.annotations.w3c_rules import problems


@pytest.fixture
def storm(harbour, alice, bob):
    document = factories.document(harbour, "The port 🚢 is closed.")
    factories.mark(document, alice, "port")
    factories.mark(document, bob, "closed")
    return document


def export(path, slug="harbour", **options):
    said = StringIO()
    call_command("export_annotations", slug, output=str(path), stderr=said, **options)
    return said.getvalue()


def creators(path):
    return [json.loads(line)["creator"] for line in path.read_text("utf-8").split("\n")[:-1]]


def test_it_writes_the_file_and_says_so(storm, tmp_path):
    path = tmp_path / "marks.csv"

    said = export(path)

    assert said == f"{path}: 2 annotations, {path.stat().st_size} bytes.\n"
    assert path.read_bytes().startswith(b"\xef\xbb\xbfcoder,")
    assert list(tmp_path.iterdir()) == [path]


def test_the_site_named_is_in_the_identifiers(storm, tmp_path):
    path = tmp_path / "marks.jsonld"

    export(path, format="w3c", base_url="https://copytaster.example/somewhere?x=1")

    found = json.loads(path.read_text("utf-8"))
    assert problems(found) == []
    assert found["id"].startswith("https://copytaster.example/c/harbour/export/download/")


def test_a_member_gets_what_that_member_may_see(storm, tmp_path):
    Collection.objects.update(blind=True)
    path = tmp_path / "marks.jsonl"

    export(path, format="jsonl", user="bob")
    own = creators(path)
    export(path, format="jsonl", user="alice")
    all_of_them = creators(path)
    export(path, format="jsonl")

    assert own == ["bob"]
    assert all_of_them == creators(path) == ["alice", "bob"]


@pytest.mark.parametrize(
    ("slug", "options", "message"),
    [
        ("nowhere", {}, r"There is no collection nowhere. There are: harbour\."),
        ("harbour", {"user": "nobody"}, "nobody is not a member of harbour"),
        ("harbour", {"base_url": "copytaster.example"}, "is no web address"),
    ],
)
def test_what_does_not_exist_is_named(storm, tmp_path, slug, options, message):
    with pytest.raises(CommandError, match=message):
        export(tmp_path / "marks.csv", slug, **options)

    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_named(storm, tmp_path):
    with pytest.raises(CommandError, match=r"marks\.csv: No such file or directory"):
        export(tmp_path / "missing" / "marks.csv")


def test_a_failure_on_the_way_leaves_the_old_file_as_it_was(tmp_path):
    path = tmp_path / "marks.csv"
    path.write_text("yesterday's")

    def content():
        yield b"half of "
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        write_whole(path, content())

    assert path.read_text() == "yesterday's"
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_has_the_usual_permissions_and_an_old_one_keeps_its_own(tmp_path):
    new, old = tmp_path / "new", tmp_path / "old"
    old.touch(mode=0o640)
    old.chmod(0o640)

    write_whole(new, [b"x"])
    write_whole(old, [b"x"])

    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(new.stat().st_mode) == 0o666 & ~mask
    assert stat.S_IMODE(old.stat().st_mode) == 0o640


def test_a_dash_is_standard_output(storm, capfdbinary):
    call_command("export_annotations", "harbour", output="-", format="jsonl")

    written = capfdbinary.readouterr()
    assert len(written.out.decode().split("\n")[:-1]) == 2
    assert written.err == b""


def test_a_program_that_captures_the_text_gets_it_too(storm):
    out = StringIO()

    call_command("export_annotations", "harbour", output="-", format="w3c", stdout=out)

    assert json.loads(out.getvalue())["total"] == 2


def shell(folder, *arguments):
    environment = {**os.environ, "COPYTASTER_DATA": str(folder)}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_shell_can_tell_failure_from_success(tmp_path):
    shell(tmp_path, "migrate", "--verbosity=0")

    done = shell(tmp_path, "export_annotations", "nowhere", "--output", "-")

    assert done.returncode == 1
    assert done.stderr == "CommandError: There is no collection nowhere.\n"
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["harbour", "--output", "-", "--format", "xml"], "invalid choice: 'xml'"),
        (["harbour"], "required: --output"),
    ],
)
def test_a_command_line_without_sense_is_another_failure(arguments, message, tmp_path):
    done = shell(tmp_path, "export_annotations", *arguments)

    assert done.returncode == 2
    assert message in done.stderr
