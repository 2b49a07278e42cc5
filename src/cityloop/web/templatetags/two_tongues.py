"""Both languages side by side in the template, one of them on the page."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def t(context: dict[str, Any], zh: str, en: str) -> str:
    """{% t "案卷" "Cases" %}"""
    return en if context.get("lang") == "en" else zh
