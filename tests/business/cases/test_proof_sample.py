"""The captured trace that the browser's verification is tested on (frontend/.../proof.sample.json).

CITYLOOP_CAPTURE=1 captures it anew from the API; without it the sample is checked by our own
verifier, so that the browser's tests run on what the server really says.
"""

from __future__ import annotations

import base64
import json
import os
from datetime import timedelta
from typing import Any

from django.test import Client

from cityloop.city.jobs.run import sequence_all
from cityloop.engines.ledger import (
    VerifyKey,
    leaf_hash,
    verify_checkpoint,
    verify_consistency,
    verify_inclusion,
)
from tests.business.cases.stories import Walk, received, unclassed
from tests.conftest import REPO
from tests.world import World

SAMPLE = REPO / "frontend" / "src" / "features" / "case" / "proof.sample.json"


def captured(world: World) -> dict[str, Any]:
    """A case among others, its proofs, and two signed heads with the way between them."""
    client = Client()
    client.force_login(world.users["dispatcher"])
    walk = Walk(world, unclassed(world)).to_handling()
    for n in range(3):
        received(world, n)
    sequence_all(now=walk.at)
    first = client.get("/api/v1/ledger/checkpoint").json()
    walk.step("handler", "feed_back", text="已联系清运")
    for n in range(40):
        received(world, n % 4)
    sequence_all(now=walk.at + timedelta(minutes=5))
    at = f"/api/v1/cases/{walk.case.number}"
    proofs = client.get(f"{at}/proofs").json()
    between = {"first": first["size"], "second": proofs["size"]}
    return {
        "trace": client.get(f"{at}/trace").json(),
        "proofs": proofs,
        "first": first["note"],
        "between": client.get("/api/v1/ledger/consistency", between).json()["proof"],
    }


def test_the_sample_is_what_our_own_verifier_accepts(world: World) -> None:
    if os.environ.get("CITYLOOP_CAPTURE"):
        said = json.dumps(captured(world), ensure_ascii=False, indent=1)
        SAMPLE.write_text(said + "\n", "utf-8")
    sample = json.loads(SAMPLE.read_text("utf-8"))
    key = VerifyKey.parse(sample["proofs"]["public_key"])
    head, first = (
        verify_checkpoint(n, key) for n in (sample["proofs"]["checkpoint"], sample["first"])
    )

    for one in sample["proofs"]["proofs"]:
        leaf, path = leaf_hash(one["entry"].encode()), [base64.b64decode(h) for h in one["proof"]]
        assert verify_inclusion(leaf, one["index"], head.size, path, head.root)
    between = [base64.b64decode(h) for h in sample["between"]]
    assert verify_consistency(first.size, head.size, between, first.root, head.root)
    assert captured(world).keys() == sample.keys()
