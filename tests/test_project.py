"""Rules of the whole tree, and of every page."""

import re
import socket
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from config.secrets import secret_key
from config.settings import database

ROOT = Path(__file__).parent.parent


def test_corpus_templates_never_name_annotation_pages():
    for template in (ROOT / "templates" / "corpus").rglob("*.html"):
        assert "annotations:" not in template.read_text(), template.name
        assert '"annotations/' not in template.read_text(), template.name


def test_no_template_has_inline_script_or_style():
    pattern = re.compile(
        r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|hx-on|javascript:", re.IGNORECASE
    )
    for template in (ROOT / "templates").rglob("*.html"):
        if template.name == "evidence.html":
            continue  # a file to send by mail: it carries its style, and is never shown as a page
        assert not pattern.search(template.read_text()), template.name


@pytest.mark.parametrize("page", ["/sign-in/", "/admin/login/", "/nowhere/", "/"])
def test_every_response_carries_the_strict_policy(client, db, page):
    policy = client.get(page).headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_missing_page_says_so_without_a_trace(client, alice):
    client.force_login(alice)

    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert "There is no such page" in response.text


def test_an_unexpected_error_shows_no_trace(client, alice, monkeypatch):
    def broken(request):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("corpus.models.CollectionQuerySet.visible_to", broken)
    client.force_login(alice)
    client.raise_request_exception = False

    response = client.get(reverse("home"))

    assert response.status_code == 500
    assert "Something went wrong on our side" in response.text
    assert "secret detail" not in response.text


def test_the_key_file_is_private_and_made_once(tmp_path):
    path = tmp_path / "deep" / "secret_key"

    key = secret_key(path)

    assert secret_key(path) == key
    assert len(key) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("attempt", range(10))
def test_eight_first_starts_at_once_agree_on_one_key(tmp_path, attempt):
    path = tmp_path / "deep" / "secret_key"
    together = Barrier(8)

    def start(_):
        together.wait()
        return secret_key(path)

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(start, range(8)))

    assert keys == {path.read_text()}
    assert list(path.parent.iterdir()) == [path]


def test_eight_processes_that_start_at_once_agree_on_one_key(tmp_path):
    path = tmp_path / "deep" / "secret_key"
    code = "import sys; from pathlib import Path; from config.secrets import secret_key; "
    code += "sys.stdin.readline(); print(secret_key(Path(sys.argv[1])))"
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", code, path],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(8)
    ]
    keys = set()
    for start in starts:
        start.stdin.write("\n")
        start.stdin.flush()
    for start in starts:
        keys.add(start.communicate()[0].strip())

    assert keys == {path.read_text()}
    assert list(path.parent.iterdir()) == [path]


def test_no_default_key_is_in_the_tree():
    files = subprocess.run(
        ["git", "ls-files", "*.py", "*.toml", "Makefile", ".ci"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    suspects = [
        name
        for name in files
        if not name.startswith("tests/")
        and re.search(r"SECRET_KEY\s*=\s*[\"']", (ROOT / name).read_text())
    ]
    assert suspects == []


def test_a_taken_port_is_named_rather_than_shared():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        with pytest.raises(CommandError, match=f"127.0.0.1:{port}/ already"):
            call_command("serve", "--port", str(port))


def test_a_user_without_password_is_never_served_to_the_network(settings):
    settings.LOCAL_USER = "alice"

    with pytest.raises(CommandError, match="loopback"):
        call_command("serve", "--host", "0.0.0.0")


def test_one_variable_chooses_the_database():
    remote = database("postgres://ana:p%40ss@db.example:5433/news")
    local = database("sqlite:////srv/news.sqlite3")
    default = database("")

    assert remote["ENGINE"].endswith("postgresql")
    assert (remote["USER"], remote["PASSWORD"], remote["NAME"]) == ("ana", "p@ss", "news")
    assert local["NAME"] == "/srv/news.sqlite3"
    assert default["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in default["OPTIONS"]["init_command"]
    with pytest.raises(ValueError, match="neither postgres nor sqlite"):
        database("mysql://x/y")


def test_every_element_that_htmx_acts_on_says_that_it_is_ours():
    acting = re.compile(r"<\w[^<>]*?\shx-(?:get|post|put|patch|delete|action|boost)\b")
    for template in (ROOT / "templates").rglob("*.html"):
        source = re.sub(r"\{[%{].*?[%}]\}", "", template.read_text().replace("{{ ours }}", "ours"))
        for found in acting.finditer(source):
            assert 'data-ours="ours"' in found.group(), f"{template.name}: {found.group()}"


def test_each_decision_has_a_number_of_its_own():
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    told = [int(record.read_text().removeprefix("# ").split(".")[0]) for record in records]

    assert [int(record.name[:4]) for record in records] == told
    assert len(set(told)) == len(told)
