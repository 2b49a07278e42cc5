"""./run bench NAME [arguments]"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path


def main() -> int:
    names = sorted(
        m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)]) if m.name[0] != "_"
    )
    if len(sys.argv) < 2 or sys.argv[1] not in names:
        print(f"./run bench NAME   with NAME one of: {', '.join(names)}", file=sys.stderr)
        return 2
    name = sys.argv.pop(1)
    result = importlib.import_module(f"benchmarks.{name}").main()
    return int(result or 0)


if __name__ == "__main__":
    sys.exit(main())
