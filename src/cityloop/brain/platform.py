"""The platform itself: a source of rows and where events go, over its REST API with a token."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cityloop.brain.sources import rows_of_rest
from cityloop.brain.values import Row
from cityloop.kernel.errors import DomainError

# What a token may read page by page: name → (address, list, cursor).
TABLES = {
    "cases": ("/api/v1/cases?limit=100", "items", "after"),
    "areas": ("/api/v1/places/areas", "items", "next_after"),
}


class Platform:
    """A running CityLoop server."""

    def __init__(self, server: str, token: str) -> None:
        self.server, self._token = server.rstrip("/"), token
        if not token:
            raise DomainError(
                "brain.token",
                "A server needs a token. Make one on the page 管理 > 接口令牌 (manage > tokens).",
                "连接服务器需要令牌，请在“管理 > 接口令牌”页面创建。",
            )

    def rows(self, table: str) -> Iterator[Row]:
        """All rows of one of `TABLES` that the token may see."""
        if table not in TABLES:
            raise DomainError(
                "brain.table",
                f"The platform has no table {table!r} for this; it has {', '.join(TABLES)}.",
                f"平台没有可读取的表 {table!r}，可用：{'、'.join(TABLES)}。",
            )
        path, items, after = TABLES[table]
        headers = {"Authorization": f"Bearer {self._token}"}
        return rows_of_rest(self.server + path, headers=headers, items=items, after=after)

    def post(self, path: str, body: Mapping[str, Any], *, needs: Sequence[str]) -> dict[str, Any]:
        """The answer, an object with at least the fields it `needs`.

        Raises: DomainError("brain.refused") with what the server said, ("brain.server") where it
            says nothing, or not what a CityLoop says.
        """
        import httpx

        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            answer = httpx.post(self.server + path, json=dict(body), headers=headers, timeout=30)
        except httpx.HTTPError as error:
            raise DomainError(
                "brain.server", f"{self.server} does not answer: {error}", f"服务器无响应：{error}"
            ) from error
        said = _said(answer)
        if answer.status_code >= 400:
            message = said.get("message") or answer.text[:200]
            raise DomainError(
                "brain.refused",
                f"{path} was refused ({answer.status_code}): {message}",
                f"{path} 被拒绝（{answer.status_code}）：{message}",
                details={"code": said.get("code", "")},
            )
        if not all(name in said for name in needs):
            raise DomainError(
                "brain.server",
                f"{self.server} does not answer as CityLoop does; check the address.",
                f"{self.server} 的回答不是 CityLoop 的格式，请检查地址。",
            )
        return said


def _said(answer: Any) -> dict[str, Any]:
    """The object of an answer; {} where it is none."""
    try:
        body = answer.json()
    except ValueError:
        return {}
    return dict(body) if isinstance(body, Mapping) else {}
