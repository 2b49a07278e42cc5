"""What no committed file may hold: addresses of registries, traces of a workplace, real data."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
# Written in pieces so that this file does not find itself.
HOSTS = [
    "pypi" + r"\.org",
    "files\\.python" + "hosted",
    "registry\\.npm" + "js",
    "/opt/" + "wheels",
]
PATTERNS = [re.compile(h) for h in HOSTS]
PATTERNS.append(re.compile("/work" + r"/(main|shared)"))
MOST_BYTES = 3_000_000


def main() -> int:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPO, capture_output=True, check=False
    ).stdout.decode()
    found = []
    for name in filter(None, listed.split("\0")):
        path = REPO / name
        if not path.is_file():
            continue
        if path.stat().st_size > MOST_BYTES:
            found.append(f"{name}: larger than {MOST_BYTES} bytes")
        text = path.read_text("utf-8", "ignore")
        found += [f"{name}: {p.pattern}" for p in PATTERNS if p.search(text)]
    print("\n".join(found) or "repository: nothing that must not be there")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
