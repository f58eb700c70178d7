"""Runs the tests of the scripts with Node's own test runner."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser


def test_scripts_do_what_their_tests_say():
    node = shutil.which("node")
    if node is None:
        missing = "Node is not installed"
        if os.environ.get("BELFRY_BROWSER_REQUIRED") == "yes":
            pytest.fail(missing)
        pytest.skip(missing)
    tests = sorted(map(str, Path(__file__).parent.glob("*.test.mjs")))
    assert tests
    ran = subprocess.run([node, "--test", *tests], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
