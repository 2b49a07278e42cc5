"""Personal data as it is shown by default. Masks lean to hiding: a form they do not know is
hidden nearly whole. Seeing the value itself is another permission, with a logged reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

HIDDEN = "***"
_NUMERAL = r"[0-9０-９A-Za-z一二三四五六七八九十百千零〇两甲乙丙丁东西南北]"
_UNIT = r"(?:号|弄|栋|幢|座|单元|室|户|楼|层|排|门|组|房)"
_DOOR = re.compile(rf"{_NUMERAL}+(?:[-－—#]{_NUMERAL}+)*[#]?{_UNIT}|[0-9０-９]+(?:[-－—#]|$|\s)")
_PLACE_END = re.compile(r".*(?:省|市|区|县|旗|州|盟|镇|乡|街道|社区|村|路|街|道|巷|胡同|大道)")


def mask_name(name: str) -> str:
    """The first character: 张三丰 as 张*; the number of the others is not shown."""
    name = name.strip()
    if not name:
        return ""
    end = 1
    while end < len(name) and _belongs_to_previous(name[end]):
        end += 1
    return name[:end] + "*"


def mask_phone(phone: str) -> str:
    """138****1234; of a number with fewer than 11 digits the last two, of 5 or fewer nothing."""
    if not phone.strip():
        return ""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone))
    if len(digits) > 11 and digits.startswith(("86", "0086")):
        digits = digits.removeprefix("00").removeprefix("86")
    if len(digits) >= 11:
        return f"{digits[:3]}{'*' * (len(digits) - 7)}{digits[-4:]}"
    return "****" + (digits[-2:] if len(digits) > 5 else "")


def mask_email(email: str) -> str:
    """w***@example.cn; without an @ nothing is shown."""
    user, at, host = email.strip().rpartition("@")
    if not at or not user:
        return HIDDEN if email.strip() else ""
    return f"{user[0]}{HIDDEN}@{host}"


def mask_id_number(number: str) -> str:
    """First and last character: 1****************X."""
    number = number.strip()
    if len(number) < 3:
        return "*" * len(number)
    return number[0] + "*" * (len(number) - 2) + number[-1]


def mask_address(address: str) -> str:
    """Up to the road or village: 望京街道阜通东大街6号院3号楼1201室 as 望京街道阜通东大街***."""
    address = address.strip()
    if not address:
        return ""
    door = _DOOR.search(address)
    shown = address[: door.start()] if door else address
    if not door:
        place = _PLACE_END.match(address)
        shown = place[0] if place else ""
    return shown.rstrip() + HIDDEN


MASKS: Mapping[str, Callable[[str], str]] = {
    "name": mask_name,
    "phone": mask_phone,
    "email": mask_email,
    "id_number": mask_id_number,
    "address": mask_address,
}


def _belongs_to_previous(char: str) -> bool:
    """Variation selectors and combining marks: cut off, they would change the character."""
    return bool(unicodedata.combining(char)) or unicodedata.category(char) in {"Mn", "Me", "Cf"}
