"""Entering the rooms as somebody, on a screen, in a language; looking; going round by keyboard."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.journeys.hostile import HOSTILE, assert_inert, is_shown_as_text, watch_dialogs

REPO = Path(__file__).resolve().parents[2]
SCREENS = REPO / "artifacts" / "screens"
PICTURES = os.environ.get("CITYLOOP_SCREENS") != "0"  # the whole run takes none: nobody looks
PATIENCE_S = 60  # for what a page waits for; two busy cores are slow by turns
HEIGHTS = {360: 740, 768: 1024, 1440: 900, 2560: 1440}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
# Two frames and what they put off.
DRAWN = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(
  () => setTimeout(done, 20))))"""
# What a browser says of the page's own doing, as opposed to of the network.
GRAVE = re.compile(r"Content Security Policy|Uncaught|\[Vue warn\]|Hydration", re.I)


def at(width: int) -> dict[str, int]:
    """A screen of this width: 360 a phone, 768 a tablet, 1440 a desk, 2560 a wall."""
    return {"width": width, "height": HEIGHTS.get(width, 900)}


@contextmanager
def room(
    browser: Any,
    address: str,
    *,
    width: int = 1440,
    lang: str = "zh",
    dark: bool = False,
    still: bool = True,
    forgive: str = "",
    **given: Any,
) -> Iterator[Any]:
    """A fresh window; errors of scripts and refused resources fail the test at its end.

    Args:
        still: ask for reduced motion, so that pictures and measurements do not catch a transition.
        forgive: a regular expression of console messages that this test provokes on purpose.
        given: anything else for `browser.new_context` (permissions, geolocation, ...).
    """
    given.setdefault("viewport", at(width))
    given.setdefault("has_touch", width < 600)
    given.setdefault("locale", "zh-CN" if lang == "zh" else "en-GB")
    given.setdefault("timezone_id", "Asia/Shanghai")
    context = browser.new_context(
        base_url=address,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce" if still else "no-preference",
        **given,
    )
    cookie = {"name": "django_language", "value": LANGUAGES[lang], "url": address}
    context.add_cookies([cookie])
    troubles: list[str] = []
    context.set_default_timeout(1000 * PATIENCE_S)
    page = context.new_page()
    _listen(page, troubles, forgive)
    try:
        yield page
    finally:
        context.close()
    assert troubles == [], troubles


def _listen(page: Any, troubles: list[str], forgive: str) -> None:
    page.cityloop_asked = 0  # requests under way; a stream of events never ends

    def count(request: Any, n: int) -> None:
        page.cityloop_asked += n if request.resource_type != "eventsource" else 0

    page.on("request", lambda r: count(r, 1))
    page.on("requestfinished", lambda r: count(r, -1))
    page.on("requestfailed", lambda r: count(r, -1))

    def keep(said: str) -> None:
        measuring = getattr(page, "cityloop_measuring", False)
        if not measuring and not (forgive and re.search(forgive, said)):
            troubles.append(said)

    page.on("pageerror", lambda error: keep(f"error on {page.url}: {error}"))
    page.on("console", lambda m: GRAVE.search(m.text) and keep(f"{m.type} on {page.url}: {m.text}"))
    watch_dialogs(page)


def as_role(page: Any, role: str, to: str = "") -> None:
    """Log in through the demo's door of this role ("acceptor", "worker", ...); then go there."""
    requests = page.context.request
    shown = requests.get("/login/", max_retries=1).text()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown)
    assert token, "the log-in page has no form"
    answer = requests.post(
        "/login/as/",
        form={"username": f"try_{role}", "csrfmiddlewaretoken": token[1]},
        headers={"Referer": answer_address(page)},
        max_redirects=0,
        max_retries=1,
    )
    assert answer.status == 302, f"nobody let try_{role} in: {answer.status}"
    if to:
        page.goto(to)


def answer_address(page: Any) -> str:
    """The address of the log-in on the server of this window."""
    cookies = page.context.cookies()
    domain = next((c["domain"] for c in cookies), "127.0.0.1")
    return f"http://{domain}/login/"


def answered(page: Any) -> None:
    """Until all that the page has asked for is there and drawn, and what came asks for no more."""
    end, still = time.monotonic() + PATIENCE_S, 0
    while still < 2:
        page.evaluate(DRAWN)
        still = 0 if page.cityloop_asked else still + 1
        assert time.monotonic() < end, f"{page.url} still waits for {page.cityloop_asked} answers"


def holds(page: Any, field: str, words: str) -> None:
    """Until these words stand in a field."""
    page.wait_for_function(
        "([field, words]) => document.querySelector(field)?.value.includes(words)",
        arg=[field, words],
    )


def settle(page: Any) -> None:
    """Until fonts are there and nothing on the page is in the middle of an animation."""
    page.evaluate(
        """async () => {
          await document.fonts.ready;
          const endless = a => a.effect?.getComputedTiming().endTime === Infinity;
          const running = document.getAnimations().filter(a => !endless(a));
          await Promise.race([
            Promise.allSettled(running.map(a => a.finished)),
            new Promise(done => setTimeout(done, 1500)),
          ]);
        }"""
    )


def shoot(page: Any, name: str, *, full: bool = False) -> Path:
    """A picture in artifacts/screens, to be looked at."""
    path = SCREENS / f"{name}.png"
    settle(page)
    if PICTURES:
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(path), full_page=full)
    return path


def fits(page: Any) -> None:
    """Nothing makes the page wider than the screen."""
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


@dataclass(frozen=True, slots=True)
class Stop:
    """One place where Tab rests."""

    tag: str
    role: str
    name: str
    shown: bool
    ringed: bool


STOP = """() => {
  let e = document.activeElement;
  while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
  if (!e || e === document.body) return null;
  const b = e.getBoundingClientRect(), s = getComputedStyle(e);
  const ring = x => x && (x.outlineStyle !== 'none' && parseFloat(x.outlineWidth) > 0
    || x.boxShadow !== 'none');
  const near = [s, ...['::before', '::after'].map(p => getComputedStyle(e, p))];
  for (let p = e.parentElement, n = 0; p && n < 3; p = p.parentElement, n++)
    if (p.matches(':focus-within')) near.push(getComputedStyle(p));
  return {
    tag: e.tagName.toLowerCase(), role: e.getAttribute('role') ?? '',
    name: (e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent
      || e.getAttribute('placeholder') || e.getAttribute('title') || e.name || '').trim()
      .replace(/\\s+/g, ' ').slice(0, 60),
    shown: b.width > 0 && b.height > 0 && s.visibility !== 'hidden',
    ringed: near.some(ring),
  };
}"""


def tab_order(page: Any, most: int = 60) -> list[Stop]:
    """Where Tab leads from the start of the page, until it leaves the page or after `most`."""
    page.evaluate("() => { document.activeElement?.blur(); getSelection()?.removeAllRanges(); }")
    stops: list[Stop] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(STOP)
        if found is None:
            if stops:
                break
            continue
        stops.append(Stop(**found))
    return stops


def check_focus(page: Any, most: int = 60) -> list[Stop]:
    """Every stop of Tab is on screen, has a name and shows that it has the focus."""
    stops = tab_order(page, most)
    bad = [s for s in stops if not (s.shown and s.ringed and s.name)]
    assert stops, f"Tab finds nothing on {page.url}"
    assert not bad, f"stops of Tab on {page.url} unseen, unringed or nameless: {bad}"
    return stops


SMALL = """least => [...document.querySelectorAll(
    'a[href],button,input:not([type=hidden]),select,textarea,summary,[role=button],[role=tab]')]
  .filter(e => e.checkVisibility?.({visibilityProperty: true}) && !e.closest('[inert]'))
  .map(e => {
    const label = e.matches('input') ? e.closest('label') : null;
    const b = (label ?? e).getBoundingClientRect();
    const inText = e.matches('a') && getComputedStyle(e).display === 'inline';
    if (b.bottom <= 0 || b.right <= 0) return {w: 0, h: 0};
    return {what: (e.ariaLabel || e.textContent || e.name || e.tagName).trim().slice(0, 40),
            w: Math.round(b.width), h: Math.round(b.height), inText};
  })
  .filter(t => !t.inText && t.w > 0 && t.h > 0 && (t.w < least || t.h < least))"""


def check_touch(page: Any, least: int = 44) -> None:
    """What a thumb has to hit is at least this big, px; links within sentences aside."""
    small = page.evaluate(SMALL, least)
    assert not small, f"too small for a thumb on {page.url}: {small}"


__all__ = [
    "HOSTILE",
    "SCREENS",
    "Stop",
    "answered",
    "as_role",
    "assert_inert",
    "at",
    "check_focus",
    "check_touch",
    "fits",
    "holds",
    "is_shown_as_text",
    "room",
    "settle",
    "shoot",
    "tab_order",
    "watch_dialogs",
]
