"""One answer as JSON and as XML, by the Spark convention that GeoReport v2 names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

CONTENT_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
# What the items of a list are called in XML; JSON leaves these names out.
_ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(root: str, value: Any, form: str) -> bytes:
    """The answer as bytes.

    Args:
        root: name of the outermost XML element, which JSON has not.
        value: a list of objects or one object; texts, numbers, booleans, None within.
        form: "json" or "xml".
    """
    if form == "json":
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    made = _element(root, value)
    head = b'<?xml version="1.0" encoding="utf-8"?>\n'
    return head + ElementTree.tostring(made, encoding="unicode").encode("utf-8", "replace")


def _element(name: str, value: Any) -> ElementTree.Element:
    made = ElementTree.Element(name)
    if isinstance(value, Mapping):
        made.extend(_element(key, item) for key, item in value.items())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        made.extend(_element(_ITEMS.get(name, "item"), item) for item in value)
    elif isinstance(value, bool):
        made.text = "true" if value else "false"
    elif value is not None:
        made.text = _NOT_XML.sub("", str(value))
    return made


def read_xml(raw: bytes) -> Any:
    """XML of another system as the JSON it stands for: lists of lists' names, texts elsewhere.

    Raises: ValueError for what is no XML, or holds a document type (entities could grow large).
    """
    if b"<!DOCTYPE" in raw[:4096].upper() or b"<!ENTITY" in raw.upper():
        raise ValueError("the XML holds a document type, which GeoReport v2 has no use for")
    try:
        return _value(ElementTree.fromstring(raw))  # noqa: S314  entities are refused above
    except ElementTree.ParseError as error:
        raise ValueError(f"not XML: {error}") from error


def _value(made: ElementTree.Element) -> Any:
    name = made.tag.rpartition("}")[2]
    if name in _ITEMS:
        return [_value(item) for item in made]
    if len(made):
        return {item.tag.rpartition("}")[2]: _value(item) for item in made}
    text = (made.text or "").strip()
    return text or None
