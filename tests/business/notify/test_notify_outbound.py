import socket
import threading

import pytest

from cityloop.business.notify.outbound import check_url, post
from cityloop.kernel.errors import DomainError


def refused(url: str, **kwargs: float) -> str:
    with pytest.raises(DomainError) as error:
        post(url, b"{}", {}, **kwargs)
    return error.value.code


def test_post_arrives_under_the_name_of_the_host(receiver):
    answer = post(receiver.url, b"{}", {"x-one": "1"})
    assert (answer.status, answer.text) == (200, "answer")
    headers, body = receiver.got[0]
    assert headers["host"].startswith("localhost:")
    assert (headers["x-one"], body) == ("1", b"{}")


def test_post_private_address_is_refused_before_anything_is_sent(receiver, settings):
    settings.OUTBOUND_NETWORKS = []
    assert refused(receiver.url) == "outbound.address"
    assert refused("http://169.254.169.254/latest/meta-data") == "outbound.address"
    assert refused("http://[::1]/") == "outbound.address"
    assert refused("http://2130706433/") == "outbound.address"  # 127.0.0.1 as one number
    assert receiver.got == []


def test_post_one_private_address_among_several_is_refused(monkeypatch):
    both = [(socket.AF_INET, 1, 6, "", (a, 443)) for a in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: both)
    assert refused("https://two.example/") == "outbound.address"


def test_post_plain_http_to_the_outside_is_refused(monkeypatch):
    one = [(socket.AF_INET, 1, 6, "", ("8.8.8.8", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: one)
    assert refused("http://out.example/") == "outbound.plain"


def test_post_goes_to_the_very_address_that_was_judged(receiver, monkeypatch):
    """A name that answers otherwise the second time would lead into the house."""
    real, asked = socket.getaddrinfo, []

    def once(host, *more, **named):
        if host != "moved.example":
            return real(host, *more, **named)
        asked.append(host)
        if len(asked) > 1:
            raise socket.gaierror("asked again")
        return real("127.0.0.1", *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    url = receiver.url.replace("localhost", "moved.example")
    assert post(url, b"{}", {}).status == 200
    assert receiver.got[0][0]["host"].startswith("moved.example:")


def test_post_redirect_is_not_followed(receiver):
    receiver.answers, receiver.location = [302], "http://169.254.169.254/"
    assert post(receiver.url, b"{}", {}).status == 302
    assert len(receiver.got) == 1


def test_post_silent_receiver_ends_at_the_deadline(receiver):
    receiver.hold = threading.Event()
    assert refused(receiver.url, deadline_s=0.2) == "outbound.deadline"


def test_post_nobody_listens_is_refused():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert refused(f"http://localhost:{port}/") == "outbound.failed"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://a.example/",
        "https://user:word@a.example/",
        "https:///path",
        "//a.example/",
        "https://a.example:0/",
        "https://[::1/",
        "javascript:alert(1)",
    ],
)
def test_check_url_other_forms_are_refused(url):
    with pytest.raises(DomainError) as error:
        check_url(url)
    assert error.value.code == "outbound.url"
