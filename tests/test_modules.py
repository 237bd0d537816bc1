"""The map of the modules in CONTRIBUTING.md is whole, and data goes one way: a module imports from those above it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "threadparse"
MAP = re.findall(r"^\|[^|]+\| `(\w+(?:\.py|/))` \|$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE)
MODULES = [name for name in MAP if name.endswith(".py")]
DOORS = {"__init__.py", "__main__.py"}
"""What only leads to the others."""


def imported(source: str) -> set[str]:
    """The names in the map of what a module imports as soon as it is imported itself."""
    nodes = [node for node in ast.parse(source).body if isinstance(node, ast.ImportFrom) and node.level == 1]
    names = {(node.module or "").partition(".")[0] for node in nodes}
    return {f"{name}.py" if (PACKAGE / f"{name}.py").exists() else f"{name}/" for name in names}


def test_the_map_names_each_module_once() -> None:
    files = {path.name for path in PACKAGE.glob("*.py")}
    folders = {f"{path.parent.name}/" for path in PACKAGE.glob("*/__init__.py")}

    assert sorted((files | folders) - DOORS) == sorted(MAP)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_only_from_those_above_it(name: str) -> None:
    needed = imported((PACKAGE / name).read_text("utf-8"))

    assert set() == needed - set(MAP[: MAP.index(name)])
