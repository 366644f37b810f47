"""The configurations that the guide gives for nginx and Caddy, taken from its text and run."""

import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from .client import Site, read
from .conftest import free_port, start

GUIDE = Path(__file__).parent.parent.parent / "docs" / "guide.md"
HOST = "read.example"


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    return found


@pytest.fixture(scope="module")
def certificate() -> Iterator[tuple[Path, Path]]:
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed, so there is no certificate to try a proxy with")
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder) / "cert.pem", Path(folder) / "key.pem"
        words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
        words += ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
        words += ["-out", str(paths[0]), "-keyout", str(paths[1])]
        subprocess.run(words, check=True, capture_output=True)
        yield paths


@pytest.fixture(scope="module")
def behind() -> Iterator[Site]:
    """The site as it is started behind a proxy."""
    settings = {"COPYTASTER_HTTPS": "1", "COPYTASTER_HOSTS": HOST, "COPYTASTER_PROXIES": "1"}
    with tempfile.TemporaryDirectory() as folder:
        yield from start(Path(folder), "--workers", "1", **settings)


def nginx(folder: Path, port: int, site: Site, certificate: tuple[Path, Path]) -> list[str]:
    text = block("nginx").replace("listen 443", f"listen 127.0.0.1:{port}")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{site.port}")
    text = text.replace("/etc/ssl/read.example.pem", str(certificate[0]))
    text = text.replace("/etc/ssl/read.example.key", str(certificate[1]))
    own = "".join(
        f"{name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if Path("/root").owner() == Path(folder).owner() else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{own}{text}\n}}\n"
    )
    return [
        "nginx",
        "-c",
        str(folder / "nginx.conf"),
        "-p",
        str(folder),
        "-e",
        f"{folder}/error.log",
    ]


def caddy(folder: Path, port: int, site: Site, certificate: tuple[Path, Path]) -> list[str]:
    text = block("caddy").replace("127.0.0.1:8000", f"127.0.0.1:{site.port}")
    text = text.replace(
        f"{HOST} {{", f"https://{HOST}:{port} {{\n    tls {certificate[0]} {certificate[1]}"
    )
    text = text.replace("{\n", "{\n    admin off\n    auto_https disable_redirects\n", 1)
    (folder / "Caddyfile").write_text(text)
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


@pytest.fixture(scope="module", params=[nginx, caddy], ids=["nginx", "caddy"])
def proxied(request, behind, certificate) -> Iterator[Site]:
    """The site as it is seen through a proxy, by somebody at another address."""
    name = request.param.__name__
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed, so the guide's text for it is not tried")
    port = free_port()
    tls = ssl.create_default_context(cafile=str(certificate[0]))
    with tempfile.TemporaryDirectory() as folder:
        command = request.param(Path(folder), port, behind, certificate)
        said = Path(folder) / "said"
        with said.open("w") as output:
            variables = {"HOME": folder, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
            proxy = subprocess.Popen(command, stdout=output, stderr=output, env=variables)
        try:
            for _ in range(200):
                if proxy.poll() is not None:
                    pytest.fail(said.read_text())
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield replace(behind, port=port, host=HOST, source="127.0.0.2", tls=tls)
        finally:
            proxy.terminate()
            proxy.wait(timeout=30)


def test_the_address_and_the_scheme_are_those_of_the_visitor(proxied):
    forged = ("X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: http")

    plain = proxied.ask("/test/echo/")
    lying = proxied.ask("/test/echo/", headers=forged)

    assert plain.text.split("\n")[:2] == ["127.0.0.2", "https"]
    assert lying.text.split("\n")[:2] == ["127.0.0.2", "https"]


def test_cookies_are_secure_and_static_files_are_there(proxied):
    page = proxied.ask("/sign-in/")
    file = proxied.ask("/static/img/icon.svg")

    assert page.status == 200
    assert "secure" in page.headers["set-cookie"].lower()
    assert "max-age=31536000" in page.headers["strict-transport-security"]
    assert file.status == 200
    assert file.headers["content-type"] == "image/svg+xml"


def test_an_import_of_many_megabytes_arrives(proxied):
    text = b"The port opened in March. " * 40_000
    parts = [
        b'--cut\r\nContent-Disposition: form-data; name="uploads"; filename="%d.txt"\r\nContent-Type: text/plain\r\n\r\n%d %s\r\n'
        % (number, number, text)
        for number in range(2)
    ]
    body = b"".join(parts) + b"--cut--\r\n"
    kind = "Content-Type: multipart/form-data; boundary=cut"

    answer = proxied.ask(
        "/c/harbour/import/", method="POST", person="alice", body=body, headers=(kind,)
    )

    assert answer.status == 302
    report = proxied.ask(answer.headers["location"], person="alice").text
    assert "0.txt" in report
    assert "1.txt" in report


def test_a_stranger_s_large_body_is_refused(proxied):
    assert proxied.ask("/sign-in/", method="POST", body=b"x" * 20_000).status == 413


def test_slow_clients_before_a_proxy_hold_up_nobody(proxied):
    proxied.ask("/c/harbour/", person="alice")
    slow = []
    for number in range(30):
        connection = proxied.connect()
        head = proxied.request(
            "/sign-in/", method="POST", headers=("Content-Length: 1000",), declare=False
        )
        connection.sendall(head + b"x" if number % 2 else head[:-2])
        slow.append(connection)

    started = time.monotonic()
    answer = proxied.ask("/c/harbour/", person="alice")

    assert answer.status == 200
    assert time.monotonic() - started < 5
    for connection in slow:
        connection.close()


def test_requests_through_a_kept_connection_are_answered(proxied):
    with proxied.connect() as connection:
        for pause in (0, 0.2, 1.8):  # the last is longer than the site keeps a connection
            time.sleep(pause)
            connection.sendall(proxied.request("/test/echo/"))
            assert read(connection).status == 200
