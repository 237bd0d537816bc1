"""Mutation testing: changes a module in many small ways, one at a time, and asks whether the tests see it.

    pip install cosmic-ray
    python tools/mutants.py [--sample 120] [--seed 0] [_machine _tree ...]

In: names of modules. Out: each survivor as a diff, and for each module the share of mutants that were killed; exit
status 1 if it is below 85 %. The mutations are cosmic-ray's; each is put into a forked process that has all modules and
data loaded, which is ten times as fast as a new one. Left out are mutants that nothing could tell from the original
(``==`` for ``is`` with members of an enumeration, types in annotations, two lists not checked to be equally long) and
arithmetic that any test kills (``<<`` for ``+``).
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import importlib
import io
import os
import random
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cosmic_ray.ast import get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).parents[1]
TREE = ("_tree", "_weighing", "_evidence", "_conversation", "_texts", "_nodes", "_reasons", "_intervals")
LAYOUTS = ("_learn", "_guesses", "_judge", "_authors", "_bodies")
TESTS = {
    **{name: ["test_machine", "test_steps", "test_fixtures"] for name in ("_machine", "_events")},
    **{name: ["test_tree", "test_fixtures"] for name in TREE},
    **{name: ["test_layouts", "test_fixtures"] for name in LAYOUTS},
    **{name: ["test_guesses", "test_learn", "test_layouts", "test_fixtures"] for name in ("_guesses", "_learn")},
    "_authors": ["test_blocks", "test_layouts", "test_fixtures"],
    "_judge": ["test_judge", "test_layouts", "test_fixtures"],
    "_breaks": ["test_breaks", "test_fixtures"],
    "_blocks": ["test_blocks", "test_layouts", "test_fixtures"],
    **{name: ["test_align", "test_merge"] for name in ("_align", "_answers")},
}
"""Quick tests for each module, the likeliest to see a change first; of the fixtures, only some platforms'."""
PLATFORMS = {
    **dict.fromkeys(LAYOUTS, "not wpdiscuz and not languages"),
    "_breaks": "stackexchange or xenforo",
    "_blocks": "blogger or ips or learned or phpbb or smf or themes or vanilla or vbulletin or xenforo",
}
"""Whose fixtures reach a module, where wpDiscuz's do not."""
LEFT_OUT = re.compile(
    r"BinaryOperator_BitOr|_Is_Eq$|_IsNot_NotEq$|_Eq_Is$|_NotEq_IsNot$|_(FloorDiv|Mod|Pow|RShift|LShift|Bit\w+)$"
)
LONGEST = 300
"""Seconds after which a mutant counts as killed: it does not end."""


def main() -> int:
    """Mutate what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", default=list(TESTS))
    parser.add_argument("--sample", type=int, default=120, help="most mutants of one module, drawn by chance")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
    _load()
    shares = [_killed(module, options.sample, options.seed) for module in options.modules]
    return int(min(shares) < 0.85)


def _load() -> None:
    """Load all tests and all data, once for all mutants."""
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main(["--collect-only", "-q", "-n", "0", "-p", "no:cacheprovider", *_files(*TESTS)])
    parse = importlib.import_module("threadparse").parse
    for path in sorted(ROOT.glob("fixtures/*/*.txt"))[::5]:
        parse(path.read_text(encoding="utf-8"))


def _files(*modules: str) -> list[str]:
    return list(dict.fromkeys(str(ROOT / "tests" / f"{test}.py") for module in modules for test in TESTS[module]))


def _killed(module: str, most: int, seed: int) -> float:
    """The share of a module's mutants that its tests kill."""
    path = ROOT / "src" / "threadparse" / f"{module}.py"
    source = path.read_text(encoding="utf-8")
    places = list(_places(source))
    drawn = random.Random(seed).sample(places, min(most, len(places)))
    if not _passes(module, source):
        sys.exit(f"the tests of {module} fail without any change")
    survivors = 0
    for number, (name, occurrence) in enumerate(drawn, start=1):
        mutant = mutate_code(source, get_operator(name)(), occurrence)
        if _passes(module, mutant):
            survivors += 1
            lines = difflib.unified_diff(source.splitlines(), mutant.splitlines(), lineterm="", n=0)
            print("\n".join([*lines][2:]), flush=True)
        if number % 10 == 0:
            print(f"{module}: {number} of {len(drawn)} tried, {survivors} survived", flush=True)
    share = 1 - survivors / len(drawn)
    print(f"{module}: {len(drawn)} of {len(places)} mutants, {share:.1%} killed, {survivors} survived", flush=True)
    return share


def _places(source: str) -> Iterator[tuple[str, int]]:
    """Where a source can be changed: names of operators, and which of the places for each."""
    nodes, found = [get_ast(source)], []
    while nodes:
        node = nodes.pop()
        found.append(node)
        nodes += getattr(node, "children", ())
    for name in sorted(operator_names()):
        kind = get_operator(name)
        if not LEFT_OUT.search(name) and not kind.arguments():  # those with arguments want names of variables
            operator = kind()
            for occurrence in range(sum(len([*operator.mutation_positions(node)]) for node in found)):
                if not name.endswith("TrueWithFalse") or not _is_check(source, name, occurrence):
                    yield name, occurrence


def _is_check(source: str, name: str, occurrence: int) -> bool:
    """Whether all that a mutant leaves out is the check that two lists are equally long."""
    mutant: str = mutate_code(source, get_operator(name)(), occurrence)
    return source == mutant.replace("strict=False", "strict=True")


def _passes(module: str, source: str) -> bool:
    """Whether the tests pass with another source of a module."""
    child = os.fork()
    if child == 0:
        os._exit(_run(module, source))
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.alarm(LONGEST)
    status = os.waitpid(child, 0)[1]
    signal.alarm(0)
    return os.waitstatus_to_exitcode(status) == 0


def _run(module: str, source: str) -> int:
    """In the child: put the source into the loaded module and all that import from it, then run the tests."""
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    try:
        changed = importlib.import_module(f"threadparse.{module}")
        before = dict(vars(changed))
        exec(compile(source, changed.__file__ or module, "exec"), vars(changed))
        for name, other in list(sys.modules.items()):
            if name.startswith(("threadparse.", "test_")):
                for key, value in list(vars(other).items()):
                    if key in before and before[key] is value and vars(changed)[key] is not value:
                        setattr(other, key, vars(changed)[key])
        chosen = ["-k", f"not fixtures or (outline and ({PLATFORMS.get(module, 'wpdiscuz')}))"]
        return int(pytest.main(["-x", "-q", "-n", "0", "-p", "no:cacheprovider", *chosen, *_files(module)]))
    except BaseException:  # noqa: BLE001  (whatever it is, the change was seen)
        return 1


if __name__ == "__main__":
    sys.exit(main())
