"""What a site runs is written down, the same each time."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def bill(uv):
    command = [sys.executable, ROOT / ".ci" / "sbom", uv]
    return subprocess.run(command, check=True, capture_output=True).stdout


@pytest.fixture(scope="module")
def uv():
    return subprocess.run(
        [ROOT / ".ci" / "uv"], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_the_bill_of_materials_names_all_that_is_locked_and_comes_out_the_same(uv):
    first = bill(uv)

    assert bill(uv) == first
    data = json.loads(first)
    assert (data["bomFormat"], data["specVersion"]) == ("CycloneDX", "1.5")
    named = {part["name"]: part["version"] for part in data["components"]}
    locked = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    versions = {package["name"]: package.get("version") for package in locked}
    for package in ("django", "django-allauth", "lxml", "psycopg", "whitenoise"):
        assert named[package] == versions[package]
    assert not {"pytest", "mypy", "hypothesis"} & set(named)


def test_the_bill_of_materials_is_made_by_make_and_kept_out_of_the_tree():
    makefile = (ROOT / "Makefile").read_text()

    assert "\nsbom: ##" in makefile
    assert "sbom.cdx.json" in makefile
    assert "/sbom.cdx.json" in (ROOT / ".gitignore").read_text().splitlines()


def test_how_to_report_a_fault_is_written_down():
    words = (ROOT / "SECURITY.md").read_text()

    for heading in ("Telling us", "What happens then", "Versions", "What is in it"):
        assert f"\n## {heading}\n" in words
    assert "SECURITY.md" in (ROOT / "README.md").read_text()
