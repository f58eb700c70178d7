"""Production refuses to start with unsafe settings, and never has the sample accounts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SAFE_SETTINGS = dict(
    line.split("=", 1) for line in (ROOT / "tests/config/production.env").read_text().split() if "=" in line
) | {"BELFRY_SECRET_KEY": "one-of-many-bells-in-a-tower-whose-number-nobody-else-knows"}


def run_as_production(*command: str, **changed: str) -> subprocess.CompletedProcess:
    """Runs a command as production would, with some settings changed; an empty one is removed."""
    said = {**os.environ, **SAFE_SETTINGS, **changed}
    said = {name: value for name, value in said.items() if value}
    return subprocess.run(
        [sys.executable, *command], env=said, cwd=ROOT, capture_output=True, text=True, timeout=300
    )


def serve(**changed: str) -> subprocess.CompletedProcess:
    return run_as_production("-c", "import config.wsgi; print('serves')", **changed)


@pytest.mark.slow
def test_production_starts_with_safe_settings():
    assert serve().stdout == "serves\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"BELFRY_SECRET_KEY": ""}, "BELFRY_SECRET_KEY is missing"),
        ({"BELFRY_SECRET_KEY": "short"}, "BELFRY_SECRET_KEY is weak"),
        ({"BELFRY_SECRET_KEY": "a" * 60}, "BELFRY_SECRET_KEY is weak"),
        ({"BELFRY_SECRET_KEY": "development-only-" + "0" * 33}, "BELFRY_SECRET_KEY is weak"),
        ({"BELFRY_HOSTS": ""}, "BELFRY_HOSTS does not name"),
        ({"BELFRY_HOSTS": "*"}, "BELFRY_HOSTS does not name"),
        ({"BELFRY_DEBUG": "yes"}, "BELFRY_DEBUG is on"),
        ({"BELFRY_SITE_URL": "http://forum.example"}, "BELFRY_SITE_URL is not https"),
        ({"BELFRY_ENV": "prod"}, "use one of development, production"),
        ({"BELFRY_TIME_ZONE": "Mars/Olympus"}, "BELFRY_TIME_ZONE is 'Mars/Olympus'"),
        ({"BELFRY_SMTP_HOST": "mail", "BELFRY_SMTP_PORT": "99999"}, "a whole number from 1 to 65535"),
    ],
)
def test_production_rejects_unsafe_setting_with_reason(changed, said):
    refused = serve(**changed)
    assert refused.returncode
    assert said in refused.stderr
    assert "serves" not in refused.stdout
    assert (
        changed.get("BELFRY_SECRET_KEY") in (None, "") or changed["BELFRY_SECRET_KEY"] not in refused.stderr
    )


@pytest.mark.slow
def test_production_rejects_sample_forum_command():
    refused = run_as_production("manage.py", "sample_forum", "--if-empty")
    assert refused.returncode
