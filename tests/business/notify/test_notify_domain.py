import base64
import hashlib
import hmac
import ipaddress
from datetime import UTC, datetime

import pytest

from cityloop.business.notify.domain import check_secret, filled, headers_for, is_allowed, wants
from cityloop.kernel.errors import DomainError

AT = datetime(2022, 11, 14, 21, 53, 20, 900_000, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


def test_headers_signature_is_that_of_id_second_and_body():
    body = '{"城":1}'.encode()
    headers = headers_for(SECRET, "msg_1", AT, body)
    assert headers["webhook-timestamp"] == "1668462800"
    expected = hmac.new(bytes(range(32)), b"msg_1.1668462800." + body, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(expected).decode()


def test_signature_known_answer_of_the_specification():
    headers = headers_for(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_YWJj", "whsec_!!", "plain text"])
def test_check_secret_short_or_malformed_is_refused(secret):
    with pytest.raises(DomainError) as refused:
        check_secret(secret)
    assert refused.value.code == "webhook.secret"


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.1.1", False),
        ("172.16.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("not an address", False),
    ],
)
def test_is_allowed_only_public_addresses(address, allowed):
    assert is_allowed(address, []) is allowed


def test_is_allowed_named_network_is_open():
    networks = [ipaddress.ip_network("10.0.0.0/8")]
    assert is_allowed("10.1.2.3", networks)
    assert is_allowed("::ffff:10.1.2.3", networks)
    assert not is_allowed("192.168.1.1", networks)


@pytest.mark.parametrize(
    ("kinds", "kind", "wanted"),
    [
        (["*"], "job.dead", True),
        (["case.*"], "case.close", True),
        (["case.*"], "cases.close", False),
        (["case.close"], "case.closed", False),
        ([], "case.close", False),
    ],
)
def test_wants_by_name_or_star(kinds, kind, wanted):
    assert wants(kinds, kind) is wanted


def test_filled_text_with_braces_in_a_fact_stays_text():
    assert filled("{number}：{reason}", {"reason": "{number.__class__}"}) == "—：{number.__class__}"
