"""What an operator deploys with: read whole, and each command and setting in it is one that exists.

No container runs here. The image's own steps are run one by one outside of one by `.ci/image.py`.
"""

import configparser
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.cli import app
from app.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
OURS = {name: one for name, one in COMPOSE["services"].items() if one["image"] == "daifa"}
COMMANDS = {
    command.name or command.callback.__name__
    for command in app.registered_commands
    if command.callback
}
SETTINGS = {PREFIX + name.upper() for name in Settings.model_fields}


def steps(kind: str) -> list[str]:
    """Return the Dockerfile's instructions of one kind, each on its line."""
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    return [line.removeprefix(kind).strip() for line in lines if line.startswith(f"{kind} ")]


def test_every_service_runs_a_command_that_exists() -> None:
    assert {one["command"] for one in OURS.values()} == {"prepare", "web", "courier", "scheduler"}
    assert {one["command"] for one in OURS.values()} <= COMMANDS


@pytest.mark.parametrize("name", OURS)
def test_every_service_is_asked_whether_it_is_well(name: str) -> None:
    check = OURS[name]["healthcheck"]
    if name == "prepare":  # it ends
        assert check == {"disable": True}
    else:
        assert check["test"][:2] == ["CMD", "daifa"]
        assert check["test"][2] in COMMANDS


def test_compose_sets_what_is_a_setting() -> None:
    named = {name for one in OURS.values() for name in one["environment"] if PREFIX in name}
    assert named <= SETTINGS
    assert {"DAIFA_DATABASE_URL", "DAIFA_REDIS_URL", "DAIFA_KEYS_PATH"} <= named


def test_services_wait_for_services_and_use_volumes_that_exist() -> None:
    for one in COMPOSE["services"].values():
        assert set(one.get("depends_on", ())) <= set(COMPOSE["services"])
        sources = [volume.partition(":")[0] for volume in one.get("volumes", ())]
        for source in sources:
            assert source in COMPOSE["volumes"] or source.startswith("./deploy/"), source
    assert (ROOT / "deploy" / "nginx" / "daifa.conf").exists()


def test_there_are_two_webs_and_a_standby_for_the_courier() -> None:
    assert OURS["web"]["deploy"]["replicas"] == 2
    assert OURS["courier"]["deploy"]["replicas"] == 2


def test_the_image_holds_every_package_and_is_nobodys() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    found = project["tool"]["setuptools"]["packages"]["find"]["include"]
    packages = {one.removesuffix("*") for one in found}
    copied = {one.split()[0] for one in steps("COPY") if "--from" not in one}
    assert packages <= copied
    allowed = (ROOT / ".dockerignore").read_text().splitlines()
    assert {f"!{one}" for line in steps("COPY") for one in line.split()[:-1]
            if not one.startswith(("--", "/"))} <= set(allowed)  # fmt: skip
    assert steps("USER")[-1] not in {"root", "0"}


def test_what_the_image_installs_is_locked_as_everything_is() -> None:
    """Its lock is the part of the whole lock that the house needs to run."""
    whole, part = (_pins((ROOT / name).read_text())
                   for name in ("requirements.lock", "deploy/requirements.lock"))  # fmt: skip
    assert part.items() <= whole.items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = {re.split(r"[\[<>=]", one)[0] for one in project["dependencies"]}
    assert needed <= set(part)
    assert "pytest" not in part


def _pins(lock: str) -> dict[str, str]:
    entries = re.split(r"\n(?=[a-z0-9])", lock.strip(), flags=re.IGNORECASE)
    return {one.partition("==")[0]: one.partition("==")[2] for one in map(_bare, entries)}


def _bare(entry: str) -> str:
    """Return an entry without notes of who asked for it."""
    return "\n".join(line for line in entry.splitlines() if not line.strip().startswith("#"))


@pytest.mark.parametrize("unit", UNITS, ids=[one.stem for one in UNITS])
def test_units_run_commands_that_exist_and_set_settings_that_do(unit: Path) -> None:
    read = configparser.RawConfigParser(strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(unit)
    assert read["Service"]["ExecStart"].split()[1] in COMMANDS
    named = set(re.findall(rf"{PREFIX}[A-Z_]+", unit.read_text()))
    assert named <= SETTINGS


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text().replace("/opt/daifa/bin/daifa", shutil.which("true") or "")
        (tmp_path / unit.name.replace("@.", "@8080.")).write_text(text)
    made = [str(one) for one in tmp_path.iterdir()]
    told = _told("systemd-analyze", "verify", "--man=no", *made)
    ours = [line for line in told.stderr.splitlines() if "daifa" in line]
    assert (told.returncode, ours) == (0, [])


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx here")
def test_nginx_takes_the_proxys_settings(tmp_path: Path) -> None:
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    made = _told(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
        "-keyout", str(key), "-out", str(certificate),
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    ours = (ROOT / "deploy" / "nginx" / "daifa.conf").read_text()
    ours = ours.replace("/etc/nginx/tls", str(tmp_path)).replace(
        "server web:8080", "server localhost:8080"
    )
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/pid; error_log stderr;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{ours}\n}}\n"
    )
    told = _told("nginx", "-t", "-q", "-p", str(tmp_path), "-c", str(whole))
    assert (told.returncode, told.stderr) == (0, "")


def _told(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_proxy_lets_programs_wait_and_bodies_through() -> None:
    """Its limits are wider than the house's own, which answer in words."""
    words: dict[str, Any] = dict(re.findall(r"^\s+(\w+) ([^;]+);", (
        ROOT / "deploy" / "nginx" / "daifa.conf").read_text(), re.MULTILINE))  # fmt: skip
    assert int(words["proxy_read_timeout"].rstrip("s")) > 30
    assert int(words["client_max_body_size"].rstrip("m")) * 1_000_000 > 2_000_000
