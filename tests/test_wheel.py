"""The wheel holds the package, its data and nothing else, and works without the source tree."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
READ_A_DUMP = """
import sys, threadparse
thread = threadparse.parse(sys.stdin.buffer.read().decode("utf-8"))
print(threadparse.__file__)
print(thread.dialect, thread.locale, len(thread.comments))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built(tmp_path_factory.mktemp("wheel"))


def _built(folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert 0 == built.returncode, built.stderr
    (path,) = folder.glob("*.whl")
    return path


def test_contents(wheel: Path) -> None:
    command = [sys.executable, str(ROOT / "tools" / "check_wheel.py"), str(wheel)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (0, f"{wheel.name}: as it should be\n") == (checked.returncode, checked.stdout), checked.stderr


def test_a_second_build_is_the_same(wheel: Path, tmp_path: Path) -> None:
    assert wheel.read_bytes() == _built(tmp_path).read_bytes()


def test_works_without_the_source_tree(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    dump = (ROOT / "examples" / "harbour-bridge.txt").read_bytes()
    # PYTHONPATH stands before the installed package; what is measured is the source tree, not this copy.
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    run = subprocess.run(
        [sys.executable, "-c", READ_A_DUMP],
        input=dump,
        cwd=tmp_path,
        env=env | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        check=True,
    )
    place, result = run.stdout.decode("utf-8").splitlines()
    assert tmp_path.resolve() in Path(place).resolve().parents
    assert "wpdiscuz en 14" == result
