"""A start says what it does, is ready when it says so, and leaves alone what is ready."""

import os
import subprocess
import sys
import time

from django.core.management import call_command

from corpus import starting

from .conftest import ROOT, free_port


def test_the_address_is_said_when_the_site_answers_there(site):
    assert f"http://127.0.0.1:{site.port}/" in site.said
    assert "Preparing" not in site.said  # everything was ready
    assert site.ask("/sign-in/").seconds < 20


def test_a_server_that_is_asked_to_makes_the_backup_of_the_night(site):
    end = time.monotonic() + 60
    while not (found := list((site.folder / "backups").glob("nightly-*.sqlite3"))):
        assert time.monotonic() < end
        time.sleep(0.2)

    assert len(found) == 1


def test_two_first_demos_at_once_make_one_of_everything(tmp_path):
    variables = os.environ | {
        "COPYTASTER_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    variables.pop("COPYTASTER_SECRET_KEY", None)
    variables.pop("DATABASE_URL", None)
    command = [sys.executable, "manage.py", "demo", "--no-server"]
    starts = [
        subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [start.communicate()[0] for start in starts]

    assert [start.returncode for start in starts] == [0, 0]
    assert sum("Preparing the database" in words for words in said) == 1
    assert sum("Loading the sample" in words for words in said) == 1
    assert all("Read it at http://127.0.0.1:8000/c/sample/read/?d=" in words for words in said)


def test_static_files_are_collected_when_they_have_changed_and_only_then(settings, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "words.css").write_text("p { color: red }")
    settings.STATICFILES_DIRS = [own]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "data" / "static"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }

    def collect():
        said = []
        starting.collect_static_files(said.append)
        return said

    assert collect() == ["Preparing the static files ..."]
    assert collect() == []
    (own / "words.css").write_text("p { color: blue }")
    assert collect() == ["Preparing the static files ..."]
    assert collect() == []
    (settings.STATIC_ROOT / "staticfiles.json").unlink()
    assert collect() == ["Preparing the static files ..."]


def test_a_start_has_a_process_for_each_core_up_to_four(monkeypatch):
    taken = []
    monkeypatch.setattr(os, "execv", lambda program, command: taken.extend(command))
    monkeypatch.setattr(os, "chdir", lambda folder: None)
    monkeypatch.setattr("corpus.management.commands.serve.collect_static_files", lambda say: None)
    monkeypatch.setattr(
        "corpus.management.commands.serve.bring_database_up_to_date", lambda say: None
    )

    call_command("serve", "--port", str(free_port()), "--no-worker")

    workers = int(taken[taken.index("--workers") + 1])
    assert workers == min(os.process_cpu_count(), 4)
