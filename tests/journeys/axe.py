"""axe-core on a live page: the machine-checkable part of WCAG 2.2 AA, as one readable assertion."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

REPO = Path(__file__).resolve().parents[2]
NODE = Path("frontend/node_modules/axe-core/axe.min.js")
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa")
MOST_NODES = 4
RUN = """async ([within, without, tags, rules]) => {
  // What has just been enabled or shown is drawn before its colours are read.
  await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const where = {include: within.map(s => [s])};
  if (without.length) where.exclude = without.map(s => [s]);
  const found = await window.axe.run(where, {
    runOnly: {type: 'tag', values: tags}, rules, resultTypes: ['violations'],
  });
  return found.violations.map(v => ({
    id: v.id, help: v.help, impact: v.impact, count: v.nodes.length,
    nodes: v.nodes.map(n => ({
      target: n.target.flat().join(' >> '), html: n.html.slice(0, 160),
      why: [...n.any, ...n.all, ...n.none].map(c => c.message).join('; ').slice(0, 260),
    })),
  }));
}"""


@cache
def axe_source() -> str:
    """The text of axe.min.js; the test skips, visibly, where it has not been installed.

    CITYLOOP_AXE names another copy than the one npm put into the front end.
    """
    path = Path(os.environ.get("CITYLOOP_AXE") or REPO / NODE)
    if not path.is_file():
        pytest.skip(f"axe-core is not here ({path.name}): run npm ci in frontend/")
    return path.read_text("utf-8")


def violations(
    page: Any,
    *,
    aaa_contrast: bool = False,
    within: Sequence[str] = ("html",),
    without: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """What axe finds against WCAG 2.2 A and AA on the page as it stands.

    Args:
        aaa_contrast: also ask for 7:1 (4.5:1 for large type), as the elderly mode promises.
        within, without: CSS selectors of what is looked at and what is left out.
    """
    _bring_in(page)
    rules = {"target-size": {"enabled": True}}
    tags = list(TAGS)
    if aaa_contrast:
        rules["color-contrast-enhanced"] = {"enabled": True}
    page.cityloop_measuring = True  # axe tries inline styles; that is not the page's own doing
    try:
        asked = [list(within), list(without), tags, rules]
        found: list[dict[str, Any]] = page.evaluate(RUN, asked)
    finally:
        page.cityloop_measuring = False
    return found


def check_axe(page: Any, aaa_contrast: bool = False, **where: Sequence[str]) -> None:
    """Fail with every violation, its nodes and the reason of each.

    Call it when the page has settled: axe reads colours in the middle of a transition as they are.
    """
    found = violations(page, aaa_contrast=aaa_contrast, **where)
    assert not found, f"axe on {page.url}:\n" + "\n".join(map(_said, found))


def _bring_in(page: Any) -> None:
    """Over the debugger's door, which no content security policy watches."""
    if page.evaluate("() => typeof window.axe === 'object'"):
        return
    session = page.context.new_cdp_session(page)
    try:
        done = session.send("Runtime.evaluate", {"expression": axe_source() + "\n;1"})
        assert "exceptionDetails" not in done, done["exceptionDetails"]
    finally:
        session.detach()


def _said(violation: dict[str, Any]) -> str:
    nodes = [f"    {n['target']}\n      {n['html']}\n      {n['why']}" for n in violation["nodes"]]
    if len(nodes) > MOST_NODES:
        nodes = [*nodes[:MOST_NODES], f"    ... and {len(nodes) - MOST_NODES} more"]
    head = f"  {violation['id']} ({violation['impact']}): {violation['help']}"
    return "\n".join([head, *nodes])
