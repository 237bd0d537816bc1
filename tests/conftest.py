"""Options and profiles of the test suite."""

from __future__ import annotations

import importlib
import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "dev", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True, print_blob=True)
settings.register_profile("thorough", settings.get_profile("dev"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-fixtures",
        action="store_true",
        help="rewrite the expectations in fixtures/ (not of known-failures/) and fail, so that the diff gets read",
    )


EXTRAS = ["fastwarc", "jinja2", "networkx", "pandas", "playwright", "polars", "pyarrow", "typer"]
"""What tests of the extras skip themselves without; where all must be tested, nothing is skipped unseen."""


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-fixtures") and os.environ.get("CI"):
        raise pytest.UsageError("--update-fixtures is not for CI: an expectation is rewritten by hand and reviewed")
    if os.environ.get("CI"):
        for name in EXTRAS:
            importlib.import_module(name)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.getoption("--update-fixtures") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("--update-fixtures"):
        terminalreporter.section("fixtures")
        terminalreporter.line("Expectations that differed were rewritten: read the diff, then run without the option.")
