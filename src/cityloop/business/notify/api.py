"""/webhooks: connections to other systems, their deliveries, what is dead. /notices: what
reporters and staff were told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from cityloop.business.cases.rules import in_words
from cityloop.business.notify import commands, queries
from cityloop.city.accounts.entry import Anyone, SignedIn

router = Router(tags=["推送 webhooks"])
notices = Router(tags=["告知 notices"])  # public: the follow-up key is the permission
PathId = Annotated[int, Path(ge=0, le=2**62)]
MaybeId = Annotated[int | None, Query(ge=0, le=2**62)]


class WebhookIn(Schema):
    """A receiver. The secret may be left out: one is made and shown once."""

    name: str = Field(min_length=1, max_length=80)
    url: str = Field(max_length=500)
    kinds: list[str] = Field(min_length=1, max_length=50)
    area_id: int | None = Field(None, ge=1, le=2**62)
    secret: str | None = Field(None, max_length=200)


class WebhookChange(Schema):
    """What is given is changed."""

    url: str | None = Field(None, max_length=500)
    kinds: list[str] | None = Field(None, min_length=1, max_length=50)
    active: bool | None = None


class WebhookOut(Schema):
    """A receiver as it stands; the secret is not shown again."""

    id: int
    name: str
    url: str
    kinds: list[str]
    area_id: int | None
    active: bool
    failures: int
    created_at: datetime


class WebhookRow(WebhookOut):
    """With how many deliveries wait and are dead."""

    waiting: int
    dead: int


class WebhookMade(WebhookOut):
    """With the secret to check signatures with: keep it now."""

    secret: str


class DeliveryOut(Schema):
    """One event for one receiver."""

    id: int
    webhook_id: int
    position: int
    kind: str
    message_id: str
    state: str
    attempts: int
    last_status: int | None
    last_error: str
    created_at: datetime
    tried_at: datetime | None
    delivered_at: datetime | None


class Redelivered(Schema):
    """How many are sent again."""

    count: int


class WebhookTestOut(Schema):
    """status: what the receiver answered; null with the error where nothing came back."""

    ok: bool
    status: int | None
    answer: str
    milliseconds: int


@router.get("", response=list[WebhookRow])
def list_webhooks(request: HttpRequest) -> Any:
    """推送列表 Receivers."""
    return queries.webhooks(request.viewer)[:200]  # type: ignore[attr-defined]


@router.post("", response={201: WebhookMade})
def create_webhook(request: HttpRequest, given: WebhookIn) -> Any:
    """新增推送 A new receiver; the answer holds its secret."""
    webhook, secret = commands.create_webhook(
        **given.dict(),
        actor=request.viewer,  # type: ignore[attr-defined]
        now=timezone.now(),
    )
    shown = {name: getattr(webhook, name) for name in WebhookOut.model_fields}
    return Status(201, {**shown, "secret": secret})


@router.patch("/{int:webhook_id}", response=WebhookOut)
def change_webhook(request: HttpRequest, webhook_id: PathId, given: WebhookChange) -> Any:
    """修改推送 Change address, kinds, or switch it on and off."""
    return commands.change_webhook(
        webhook_id,
        **given.dict(),
        actor=request.viewer,  # type: ignore[attr-defined]
        now=timezone.now(),
    )


@router.post("/{int:webhook_id}/redeliver", response=Redelivered)
def redeliver(request: HttpRequest, webhook_id: PathId) -> dict[str, int]:
    """重新推送 Send the dead deliveries again."""
    viewer = request.viewer  # type: ignore[attr-defined]
    return {"count": commands.redeliver(webhook_id, actor=viewer, now=timezone.now())}


@router.post("/{int:webhook_id}/test", response=WebhookTestOut)
def test_webhook(request: HttpRequest, webhook_id: PathId) -> Any:
    """试推送 Send one signed message of kind webhook.test now, and say what was answered."""
    return commands.test_webhook(webhook_id, actor=request.viewer, now=timezone.now())  # type: ignore[attr-defined]


@router.post("/deliveries/{int:delivery_id}/redeliver", response=Redelivered)
def redeliver_one(request: HttpRequest, delivery_id: PathId) -> dict[str, int]:
    """重推一条 Send one delivery again, whether it arrived or not."""
    viewer = request.viewer  # type: ignore[attr-defined]
    return {"count": commands.redeliver_one(delivery_id, actor=viewer, now=timezone.now())}


@router.get("/deliveries", response=list[DeliveryOut])
def list_deliveries(
    request: HttpRequest,
    webhook_id: MaybeId = None,
    state: Literal["waiting", "delivered", "dead"] | None = None,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
    before: MaybeId = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Any:
    """推送记录 Deliveries; state=dead is the dead-letter list; `before`: the newest first."""
    return queries.deliveries(
        request.viewer,  # type: ignore[attr-defined]
        webhook_id=webhook_id,
        state=state,
        after=after,
        before=before,
        limit=limit,
    )


class NoticeOut(Schema):
    """What a reporter was told of one step."""

    kind: str
    text_zh: str
    text_en: str
    created_at: datetime
    channel: str
    delivered_at: datetime | None


class StaffNoticeOut(NoticeOut):
    """With the report whose sender was told."""

    report_id: int


class MyNotice(Schema):
    """An alarm or a warning of my area; link: the page of the desk that shows it."""

    id: int
    kind: str
    text_zh: str
    text_en: str
    link: str
    created_at: datetime
    read_at: datetime | None


class MyNotices(Schema):
    """The newest fifty, newest first; unread: of all."""

    items: list[MyNotice]
    unread: int


class ReadIn(Schema):
    """The newest notice that was seen."""

    up_to: Annotated[int, Field(ge=0, le=2**62)]


@notices.get("/mine", response=MyNotices, auth=SignedIn())
def my_notices(request: HttpRequest) -> Any:
    """我的提醒 What I was told at my post."""
    items, unread = queries.told_to(request.viewer)  # type: ignore[attr-defined]
    return {"items": items, "unread": unread}


@notices.post("/mine/read", response=MyNotices, auth=SignedIn())
def read_notices(request: HttpRequest, given: ReadIn) -> Any:
    """已读 I have seen what I was told up to this one."""
    commands.read_up_to(given.up_to, actor=request.viewer, now=timezone.now())  # type: ignore[attr-defined]
    return my_notices(request)


@notices.get("/{key}", response=list[NoticeOut], auth=Anyone())
def notices_of_key(request: HttpRequest, key: Annotated[str, Path(max_length=100)]) -> Any:
    """我的告知 What I was told, by the follow-up key of my receipt."""
    return queries.notices_of_key(key)


@notices.get("/case/{int:case_id}", response=list[StaffNoticeOut])
def notices_of_case(request: HttpRequest, case_id: PathId) -> Any:
    """告知记录 What the reporters of a case were told, for staff who may know of the case."""
    viewer = request.viewer  # type: ignore[attr-defined]
    rows = queries.notices_of_case(viewer, case_id).values(*StaffNoticeOut.model_fields)
    return [in_words(viewer, row) for row in rows]
