"""What is looked for, and how strictly."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """A kind of personal data; the value stands in machine-read masks."""

    ID_NUMBER = "id_number"
    MOBILE = "mobile"
    LANDLINE = "landline"
    BANK_CARD = "bank_card"
    PLATE = "plate"
    EMAIL = "email"
    ACCOUNT = "account"
    PASSPORT = "passport"
    NAME = "name"
    DOOR = "door"

    @property
    def zh(self) -> str:
        """The word that stands in a Chinese text instead of the value."""
        return _WORDS[self][0]

    @property
    def en(self) -> str:
        """The word that stands in an English text instead of the value."""
        return _WORDS[self][1]


_WORDS = {
    Kind.ID_NUMBER: ("证件号", "ID number"),
    Kind.MOBILE: ("手机号", "mobile"),
    Kind.LANDLINE: ("电话", "phone"),
    Kind.BANK_CARD: ("卡号", "card number"),
    Kind.PLATE: ("车牌", "plate"),
    Kind.EMAIL: ("邮箱", "e-mail"),
    Kind.ACCOUNT: ("账号", "account"),
    Kind.PASSPORT: ("护照号", "passport"),
    Kind.NAME: ("姓名", "name"),
    Kind.DOOR: ("门牌", "door"),
}


class Mode(StrEnum):
    """How much is taken for personal.

    PLAIN: for people of the city who work on the matter: what has a form of its own (numbers,
        plates, addresses of mail) and names after a cue (我叫…, 联系人：…).
    LEAVING: before text leaves the platform (exports, model endpoints): also names anywhere,
        landlines and doors, where hiding too much is cheap.
    """

    PLAIN = "plain"
    LEAVING = "leaving"
