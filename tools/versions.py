"""Runs the tests with the oldest and the newest of what threadparse works with.

    python tools/versions.py [NAME ...]

In: names of runs, all by default: ``lowest`` (the lowest versions of the dependencies that ``pyproject.toml`` allows),
``highest`` (the newest there are), and each Python on the path: ``python3.11``, ``python3.12``, ``python3.13``. Out: a
line per run, and exit status 1 if one failed. Each run has an environment of its own in a temporary folder, and runs
the tests that need no extra.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHONS = ("python3.11", "python3.12", "python3.13")
TESTS = (
    "test_fixtures",
    "test_bad_input",
    "test_times",
    "test_tree",
    "test_model",
    "test_languages",
    "test_properties",
)
TIMEOUT = 600
"""Seconds for one test: a run in the background of other work must not fail for being slow."""
NEEDED = ("hypothesis", "pytest", "pytest-timeout", "pytest-xdist")


def main() -> int:
    """Run what was asked for."""
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    lowest = [dependency.replace(">=", "==") for dependency in dependencies]
    runs: dict[str, tuple[str, list[str]]] = {"lowest": (sys.executable, lowest), "highest": (sys.executable, [])}
    runs |= {name: (path, []) for name in PYTHONS if (path := shutil.which(name)) and _runs(path)}
    asked = sys.argv[1:] or list(runs)
    failed = [name for name in asked if not _passes(name, *runs[name])]
    return 1 if failed else 0


def _runs(python: str) -> bool:
    """Whether an interpreter is there: pyenv leaves names on the path of which it has none selected."""
    return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0


def _passes(name: str, python: str, pinned: list[str]) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([python, "-m", "venv", folder], check=True)
        own = str(Path(folder, "bin", "python"))
        install = [own, "-m", "pip", "install", "--quiet", "--upgrade", str(ROOT), *pinned, *NEEDED]
        subprocess.run(install, check=True)
        tests = [str(ROOT / "tests" / f"{test}.py") for test in TESTS]
        run = subprocess.run(
            [own, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--timeout={TIMEOUT}", *tests],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        said = subprocess.run([own, "-m", "pip", "freeze"], capture_output=True, text=True, check=True).stdout.split()
    ours = [line for line in said if line.startswith(("attrs=", "regex=", "python-dateutil="))]
    result = "passed" if run.returncode == 0 else "FAILED"
    print(f"{name}: {result}; {' '.join(ours)}; {run.stdout.strip().splitlines()[-1]}", flush=True)
    if run.returncode != 0:
        print("\n".join(line for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR", "E  ")))[:4000])
    return run.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
