"""What of a file becomes what: rules, tried in order, from a TOML file."""

from __future__ import annotations

from typing import Literal

import msgspec

from cityloop.kernel.errors import DomainError

GEOMETRIES = ("point", "line", "polygon", "any")
LEVELS = ("city", "district", "subdistrict", "community", "cell")
FIELDS = ("code", "name", "name_en", "address", "households", "parent", "source_key")
Text = str | list[str]


class Property(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An own field of the kind. `values`: value in the file -> value here; "*": any other."""

    field: Text = msgspec.field(name="from")
    type: Literal["text", "integer", "number", "boolean", "speed_kmh"] = "text"
    values: dict[str, str] = msgspec.field(default_factory=dict)
    default: str = ""


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which features it takes, and what they become: elements of a kind, or areas of a level."""

    kind: str = ""
    level: Literal["", "city", "district", "subdistrict", "community", "cell"] = ""
    layer: Text = ""
    geometry: Literal["point", "line", "polygon", "any"] = "any"
    where: dict[str, Text] = msgspec.field(default_factory=dict)
    fields: dict[str, Text] = msgspec.field(default_factory=dict)
    properties: dict[str, str | list[str] | Property] = msgspec.field(default_factory=dict)
    as_point: bool = False
    min_area_m2: float = 1.0


class FileForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a table or a shapefile is read. Empty: found out."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    lon: str = ""
    lat: str = ""
    wkt: str = ""


class GeographyMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping file.

    crs: the system of such files where it is always the same. order: of the two numbers of a
    point in them. outside: what lies in no cell of the city is left out, kept or refused.
    numbering: "template" = areas come without codes and parents: these are found by their shapes.
    """

    name: str
    source: str
    rule: list[Rule]
    name_en: str = ""
    crs: str = ""
    order: Literal["lon,lat", "lat,lon"] = "lon,lat"
    outside: Literal["skip", "keep", "refuse"] = "skip"
    numbering: Literal["", "template"] = ""
    repair: bool = True
    file: FileForm = msgspec.field(default_factory=FileForm)

    @property
    def kinds(self) -> list[str]:
        """Kinds of elements it writes, each once."""
        return list(dict.fromkeys(rule.kind for rule in self.rule if rule.kind))

    @property
    def has_areas(self) -> bool:
        return any(rule.level for rule in self.rule)


def parse_map(text: str) -> GeographyMap:
    """The mapping in the text of a TOML file.

    Raises: DomainError geography.map, naming the key: not TOML, an unknown key, a wrong type, a
        rule that says neither or both of kind and level.
    """
    try:
        found = msgspec.toml.decode(text.removeprefix("\ufeff"), type=GeographyMap)
    except (msgspec.DecodeError, ValueError) as error:
        raise _refusal(f"{error}", f"{error}") from error
    if not found.rule:
        raise _refusal("there is no [[rule]].", "没有 [[rule]]。")
    if not 1 <= len(found.source) <= 40:
        raise _refusal("source needs 1 to 40 characters.", "source 应为 1 至 40 个字符。")
    for number, rule in enumerate(found.rule, 1):
        _check_rule(number, rule, codes_made=bool(found.numbering))
    return found


def _check_rule(number: int, rule: Rule, *, codes_made: bool) -> None:
    if bool(rule.kind) == bool(rule.level):
        raise _refusal(
            f"rule {number}: give either kind (elements) or level (areas).",
            f"第 {number} 条规则：kind（要素）与 level（区域）须且只能指定一项。",
        )
    unknown = set(rule.fields) - set(FIELDS)
    if unknown:
        raise _refusal(
            f"rule {number}: fields {', '.join(sorted(unknown))} are not known; "
            f"known: {', '.join(FIELDS)}. Own fields of a kind stand under properties.",
            f"第 {number} 条规则：不支持的 fields {'、'.join(sorted(unknown))}；"
            f"可用：{'、'.join(FIELDS)}。类别自有字段写在 properties 中。",
        )
    wanted = {"code"} if rule.level == "cell" else {"code", "name"}
    if codes_made and rule.level != "cell":
        wanted = {"name"}
    if rule.level and not wanted <= set(rule.fields):
        raise _refusal(
            f"rule {number}: an area needs fields.{' and fields.'.join(sorted(wanted))}.",
            f"第 {number} 条规则：区域须指定 {'、'.join(sorted(wanted))}。",
        )


def _refusal(en: str, zh: str) -> DomainError:
    return DomainError(
        "geography.map",
        f"The mapping cannot be used: {en} See docs/guide/geography.md.",
        f"映射文件无法使用：{zh} 说明见 docs/guide/geography.md。",
        where="mapping",
    )
