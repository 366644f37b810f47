"""No request is hidden in another one, and nothing that is not HTTP makes anything hang."""

import pytest

from .client import is_closed, read


def test_requests_that_are_sent_ahead_are_answered_in_order(site):
    with site.connect() as connection:
        connection.sendall(
            site.request("/test/echo/", headers=("X-Person: 1",))
            + site.request("/test/slow/?seconds=0.2")
            + site.request("/static/img/icon.svg")
            + site.request("/test/echo/", headers=("X-Person: 2",))
        )
        answers = [read(connection) for _ in range(4)]

    assert [answer.status for answer in answers] == [200, 200, 200, 200]
    assert [answer.text.split("\n")[-1][:4] for answer in answers[:2]] == ["1", "slow"]
    assert answers[3].text.endswith("2")


def test_a_body_is_no_second_request(site):
    inner = site.request("/test/echo/")
    with site.connect() as connection:
        connection.sendall(
            site.request("/test/echo/", method="POST", body=inner)
            + site.request("/static/img/icon.svg")
        )
        first = read(connection)
        second = read(connection)

    assert first.status == 403  # a form without its token
    assert second.headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 3", "Content-Length: 4"),
        ("Content-Length: -1",),
        ("Content-Length: 99999999999999999999",),
        ("Transfer-Encoding: chunked, identity",),
        ("Transfer-Encoding: gzip",),
        ("Transfer-Encoding: chunked", "Content-Length: 3"),
        ("Transfer-Encoding : chunked",),
        ("Content-Length: 3\r\n Transfer-Encoding: chunked",),
    ],
)
def test_two_readings_of_one_length_end_the_connection(site, lines):
    with site.connect() as connection:
        head = site.request("/sign-in/", method="POST", headers=lines, declare=False)
        connection.sendall(
            head + b"0\r\n\r\n" + site.request("/test/echo/", headers=("X-Person: hidden",))
        )
        connection.settimeout(10)
        data = b""
        try:
            while part := connection.recv(65536):
                data += part
        except OSError:
            pass

    assert b"hidden" not in data


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\r\n" * 50,
        b"GET /\r\n\r\n",
        b"\0" * 100,
    ],
)
def test_what_is_not_http_is_let_go(site, sent):
    with site.connect() as connection:
        connection.sendall(sent)

        assert is_closed(connection, within=8)


@pytest.mark.parametrize(
    "path",
    [
        "/%FF%FE/",
        "/?a=%FF",
        "/%00",
        "/a%2F..%2Fb",
        "/static/../manage.py",
        "/static/%2e%2e/secret_key",
        "//127.0.0.1/",
    ],
)
def test_a_strange_address_is_not_there(site, path):
    assert site.ask(path).status in {302, 400, 404}


def test_a_header_with_an_underscore_says_nothing(site):
    assert site.ask("/test/echo/", headers=("X_Person: 7",)).text.endswith("-")
    assert site.ask("/test/echo/", headers=("X-Person: 7",)).text.endswith("7")


def test_a_forwarded_address_is_not_believed_without_a_proxy(site):
    answer = site.ask(
        "/test/echo/", headers=("X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https")
    )

    assert answer.text.split("\n")[:2] == ["127.0.0.1", "http"]


def test_a_head_has_the_headers_alone(site):
    with site.connect() as connection:
        connection.sendall(
            site.request("/test/large/?bytes=700", method="HEAD") + site.request("/test/echo/")
        )
        head = read(connection, head=True)
        after = read(connection)

    assert head.status == 200
    assert int(head.headers["content-length"]) > 500
    assert after.text.startswith("127.0.0.1")
