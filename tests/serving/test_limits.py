"""What is too large, too slow or cut off is refused in words, and never holds anything."""

import time
from contextlib import suppress

import pytest

from .client import read

FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.mark.parametrize("person", ["", "nobody-has-this-session"])
def test_a_stranger_is_refused_before_the_body_is_sent(site, person):
    with site.connect() as connection:
        head = site.request(
            "/sign-in/",
            method="POST",
            person=person,
            headers=("Content-Length: 16385",),
            declare=False,
        )
        connection.sendall(head)
        answer = read(connection)

    assert answer.status == 413
    assert "no more than 16 KB" in answer.text
    assert answer.seconds < 5


def test_a_stranger_is_refused_without_a_length_as_soon_as_it_is_too_much(site):
    with site.connect() as connection:
        head = site.request(
            "/sign-in/", method="POST", headers=("Transfer-Encoding: chunked",), declare=False
        )
        connection.sendall(head + (b"1000\r\n" + b"x" * 4096 + b"\r\n") * 5)
        answer = read(connection)

    assert answer.status == 413


@pytest.mark.parametrize("chunked", [False, True])
def test_a_form_of_thirteen_megabytes_is_answered_after_all_of_it_was_sent(site, chunked):
    body = b"text=" + b"x" * 13 * 2**20
    if chunked:
        body = b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
    headers = (FORM, "Transfer-Encoding: chunked") if chunked else (FORM,)

    answer = site.ask(
        "/c/harbour/import/",
        method="POST",
        person="alice",
        body=body,
        headers=headers,
        declare=not chunked,
    )

    assert answer.status == 413
    assert "12 MB" in answer.text
    assert "<h1>" in answer.text


def test_somebody_who_sends_without_end_is_cut_off(site):
    with site.connect() as connection:
        head = site.request(
            "/",
            method="POST",
            person="alice",
            headers=(FORM, f"Content-Length: {10**10}"),
            declare=False,
        )
        connection.sendall(head)
        sent = 0
        with suppress(OSError):
            while sent < 200 * 2**20:
                sent += connection.send(b"x" * 65536)

    assert sent < 100 * 2**20


def test_a_program_is_refused_in_json(site):
    answer = site.ask("/", method="POST", body=b"x" * 20_000, headers=("Accept: application/json",))

    assert answer.status == 413
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("person", ["", "alice"])
def test_a_body_that_stops_coming_is_answered_in_words(site, person):
    with site.connect() as connection:
        connection.sendall(
            site.request(
                "/", method="POST", person=person, headers=("Content-Length: 100",), declare=False
            )
        )
        started = time.monotonic()
        answer = read(connection)

    assert answer.status == 408
    assert "too slow" in answer.text
    assert time.monotonic() - started < 10


def test_the_work_of_somebody_signed_in_arrives_whole_however_it_is_cut(site):
    body = b"name=Lighthouse&" + b"&".join(b"x%d=%s" % (n, b"y" * 1000) for n in range(100))
    chunks = b"".join(
        b"%x\r\n%s\r\n" % (len(body[i : i + 777]), body[i : i + 777])
        for i in range(0, len(body), 777)
    )
    headers = (FORM, "Transfer-Encoding: chunked", "Expect: 100-continue")
    with site.connect() as connection:
        connection.sendall(
            site.request("/new/", method="POST", person="carol", headers=headers, declare=False)
        )
        first = read(connection)
        connection.sendall(chunks + b"0\r\n\r\n")
        answer = read(connection)

    assert first.status == 100
    assert answer.status == 302
    assert site.ask(answer.headers["location"], person="carol").status == 200


def test_a_pasted_text_of_thirteen_megabytes_is_refused_with_the_limit(site):
    text = b"The port.\r\n" * 1_363_149
    disposition = b'Content-Disposition: form-data; name="text"'
    body = b"--cut\r\n" + disposition + b"\r\n\r\n" + text + b"\r\n--cut--\r\n"
    kind = "Content-Type: multipart/form-data; boundary=cut"

    answer = site.ask(
        "/c/harbour/import/", method="POST", person="alice", body=body, headers=(kind,)
    )

    assert answer.status == 413
    assert "12 MB in all" in answer.text
