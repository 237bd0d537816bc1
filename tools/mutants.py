"""Mutation testing: changes a module in many small ways, one at a time, and asks whether the tests see it.

    pip install cosmic-ray
    python tools/mutants.py [--sample 120] [--seed 0] [_machine _tree]

In: names of modules. Out: each survivor as a diff, and for each module the share of mutants that were killed. It works
on a copy in a temporary folder. Left out are mutants that nothing could tell from the original (``==`` for ``is`` with
members of an enumeration, types in annotations) and arithmetic that any test kills (``<<`` for ``+``).
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = {
    "_machine": "tests/test_steps.py tests/test_fixtures.py -k 'steps or outline'",
    "_tree": "tests/test_tree.py tests/test_steps.py tests/test_fixtures.py -k 'tree or steps or outline'",
}
"""Quick tests for each module, the likeliest to see a change first."""
LEFT_OUT = re.compile(
    r"BinaryOperator_BitOr|_Is_Eq|_IsNot_NotEq|_Eq_Is$|_NotEq_IsNot|_(FloorDiv|Mod|Pow|RShift|LShift|Bit\w+)$"
)
CONFIG = """
[cosmic-ray]
module-path = ["src/threadparse/{module}.py"]
timeout = 120.0
excluded-modules = []
test-command = "{python} -m pytest -x -q -p no:cacheprovider -p no:cov {tests}"
[cosmic-ray.distributor]
name = "local"
"""


def main() -> int:
    """Mutate what was asked for; exit status 1 if fewer than 85 % are killed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", default=list(TESTS))
    parser.add_argument("--sample", type=int, default=120, help="most mutants of one module, drawn by chance")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    return max([_mutate(module, options.sample, options.seed) for module in options.modules])


def _mutate(module: str, most: int, seed: int) -> int:
    cosmic_ray = shutil.which("cosmic-ray", path=str(Path(sys.executable).parent)) or "cosmic-ray"
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "copy")
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "findings", "__pycache__", ".h*"))
        config, session = Path(folder, "config.toml"), Path(folder, "session.sqlite")
        python = f"env PYTHONPATH={copy / 'src'} {sys.executable}"
        config.write_text(CONFIG.format(module=module, python=python, tests=TESTS[module]), encoding="utf-8")
        subprocess.run([cosmic_ray, "init", str(config), str(session)], cwd=copy, check=True)
        subprocess.run([cosmic_ray, "baseline", str(config)], cwd=copy, check=True)
        with sqlite3.connect(session) as database:
            found = _draw(database, most, seed)
        subprocess.run([cosmic_ray, "exec", str(config), str(session)], cwd=copy, check=True)
        with sqlite3.connect(session) as database:
            rows = database.execute("select test_outcome, diff from work_results").fetchall()
    survivors = [diff for outcome, diff in rows if str(outcome).casefold().endswith("survived")]
    for diff in survivors:
        print("\n".join(line for line in diff.splitlines() if not line.startswith(("---", "+++"))), flush=True)
    killed = 1 - len(survivors) / len(rows)
    print(f"{module}: {len(rows)} of {found} mutants, {killed:.1%} killed, {len(survivors)} survived", flush=True)
    return int(killed < 0.85)


def _draw(database: sqlite3.Connection, most: int, seed: int) -> int:
    """Leave some of the mutants in a session; how many there were."""
    specs = database.execute(
        "select job_id, operator_name, start_pos_row, start_pos_col from mutation_specs"
    ).fetchall()
    jobs = [spec[0] for spec in sorted(specs, key=lambda spec: (*spec[2:], spec[1])) if not LEFT_OUT.search(spec[1])]
    kept = set(random.Random(seed).sample(jobs, min(most, len(jobs))))
    for job, *_ in specs:
        if job not in kept:
            database.execute("delete from mutation_specs where job_id = ?", (job,))
            database.execute("delete from work_items where job_id = ?", (job,))
    return len(jobs)


if __name__ == "__main__":
    sys.exit(main())
