"""What people with bad intentions, or odd keyboards, type into a field."""

from __future__ import annotations

from typing import Any

# Each runs `window.__xss = 1` if it runs at all; `data-xss` marks elements it would create.
HOSTILE: dict[str, str] = {
    "script": "<script data-xss>window.__xss=1;alert(1)</script>",
    "broken script": "</script><script data-xss>window.__xss=1</script>",
    "closing tags": '"></textarea></title></style><img data-xss src=x onerror="window.__xss=1">',
    "event attribute": "<img data-xss src=x onerror=window.__xss=1>",
    "quote escape": "' onmouseover='window.__xss=1' x='",
    "autofocus": "<input data-xss autofocus onfocus=window.__xss=1>",
    "svg": "<svg data-xss onload=window.__xss=1><animate onbegin=window.__xss=1 attributeName=x>",
    "math": '<math><mi data-xss href="javascript:window.__xss=1">x</mi></math>',
    "iframe": '<iframe data-xss srcdoc="<script>parent.__xss=1</script>"></iframe>',
    "link": "javascript:window.__xss=1//",
    "link with tab": "java\tscript:window.__xss=1",
    "data link": "data:text/html,<script>opener.__xss=1</script>",
    "style": "<style data-xss>*{display:none!important}</style>",
    "base": '<base data-xss href="https://example.invalid/">',
    "vue template": "{{constructor.constructor('window.__xss=1')()}}",
    "django template": "{% load static %}{{ request.user.password }}{% debug %}",
    "script template": "${window.__xss=1}#{7*7}<%= 7*7 %>",
    "translation": "@:portal.title {name} %{x} | {'@'}",
    "markdown": "[点我](javascript:window.__xss=1) ![x](x onerror=window.__xss=1)<b data-xss>b</b>",
    "entity": "&lt;script&gt;window.__xss=1&lt;/script&gt;&#x3C;img data-xss&#x3E;",
    "right to left": "路灯\u202egpj.exe\u202c 坏了\u2066\u2069",
    "zalgo": "坏" + "\u0300\u0489\u0334\u0335" * 40 + "了",
    "near NUL": "\u2400\u0001\u0008\ufeff\u200b路灯",
    "surrogate-like": "👩‍👩‍👧‍👦🏳️‍🌈" * 8,
    "long word": "W" * 600,
    "long line of hanzi": "坏" * 600,
    "csv formula": '=HYPERLINK("https://example.invalid","看")',
    "csv command": "@SUM(1+1)*cmd|' /C calc'!A0",
    "sql": "'; DROP TABLE cases; --",
    "path": "../../../../etc/passwd",
}

FOUND = """() => ({
  ran: Boolean(window.__xss),
  made: [...document.querySelectorAll('[data-xss]')].map(e => e.outerHTML.slice(0, 120)),
  links: [...document.querySelectorAll('[href],[src],[action],[formaction]')]
    .flatMap(e => ['href', 'src', 'action', 'formaction'].map(n => e.getAttribute(n) || ''))
    .filter(v => /^(javascript:|data:text\\/html)/i.test(v.replace(/[\\s\\u0000-\\u001f]/g, ''))),
  handlers: [...document.querySelectorAll('*')].filter(e => [...e.attributes]
    .some(a => a.name.startsWith('on'))).map(e => e.outerHTML.slice(0, 120)),
})"""


def watch_dialogs(page: Any) -> list[str]:
    """Dialogs that open from now on; each is dismissed. Kept on the page for `assert_inert`."""
    said: list[str] = []

    def heard(dialog: Any) -> None:
        said.append(f"{dialog.type}: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", heard)
    page.cityloop_dialogs = said
    return said


def assert_inert(page: Any) -> None:
    """No hostile text ran, made an element, a handler or a link on this page."""
    found = page.evaluate(FOUND)
    found["dialogs"] = getattr(page, "cityloop_dialogs", [])
    live = {what: value for what, value in found.items() if value}
    assert not live, f"hostile text came alive on {page.url}: {live}"


def is_shown_as_text(page: Any, text: str, within: str = "body") -> bool:
    """Whether the words stand on the page as words (blanks and line ends aside)."""
    seen = page.evaluate("s => document.querySelector(s)?.textContent ?? ''", within)
    return "".join(text.split()) in "".join(seen.split())
