"""Compares a built wheel with the source tree: ``python tools/check_wheel.py dist/threadparse-0.1.0-py3-none-any.whl``.

In: the path of a wheel. Out: one line for each difference and exit status 1, or one line saying that there is none.
The wheel must hold every file of ``src/threadparse`` and beside them only its metadata: no tests, fixtures or docs.
"""

from __future__ import annotations

import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "src" / "threadparse"
DEPENDENCIES = {"attrs", "python-dateutil", "regex"}
ENTRY_POINT = "threadparse = threadparse.__main__:main"


def differences(wheel: Path) -> list[str]:
    """What is wrong with the wheel, one sentence each; an empty list where nothing is."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        info = next(name.partition("/")[0] for name in names if ".dist-info/" in name)
        metadata = HeaderParser().parsestr(archive.read(f"{info}/METADATA").decode("utf-8"))
        entry_points = archive.read(f"{info}/entry_points.txt").decode("utf-8")
    expected = {
        f"threadparse/{file.relative_to(PACKAGE).as_posix()}"
        for file in PACKAGE.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    found = {name for name in names if not name.startswith(f"{info}/")}
    problems = [f"{name} is missing" for name in sorted(expected - found)]
    problems += [f"{name} does not belong in the wheel" for name in sorted(found - expected)]
    problems += [
        f"no {kind} in the wheel's source tree"
        for kind in ("threadparse/py.typed", "threadparse/dialects/wpdiscuz.toml", "threadparse/locales/en.toml")
        if kind not in expected
    ]
    required = {
        requirement.split(">=")[0]
        for requirement in metadata.get_all("Requires-Dist", [])
        if "extra ==" not in requirement
    }
    if required != DEPENDENCIES:
        problems.append(f"the dependencies are {sorted(required)}, not {sorted(DEPENDENCIES)}")
    if ENTRY_POINT not in entry_points:
        problems.append(f"the command is missing: {ENTRY_POINT}")
    if not any(name.endswith("/LICENSE") for name in names):
        problems.append("the licence is missing")
    return problems


def main() -> int:
    """Prints the differences and returns the exit status."""
    wheel = Path(sys.argv[1])
    problems = differences(wheel)
    print("\n".join(problems) or f"{wheel.name}: as it should be")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
