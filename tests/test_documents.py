"""The two READMEs say the same, and name every setting and every command that exists."""

import re
from pathlib import Path

import pytest

from app.cli import app
from app.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
ENGLISH = (ROOT / "README.md").read_text("utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text("utf-8")


def headings(text: str) -> list[int]:
    return [len(found) for found in re.findall(r"^(#+) ", text, re.MULTILINE)]


def code(text: str) -> list[str]:
    """Return commands, settings and numbers in code marks: none of them is translated."""
    return sorted(re.findall(r"`([^`\n]+)`", text) + re.findall(r"```\n(.*?)```", text, re.DOTALL))


def test_the_readmes_have_the_same_parts() -> None:
    assert headings(ENGLISH) == headings(CHINESE)
    assert len(re.findall(r"^\d\. ", ENGLISH, re.MULTILINE)) == len(
        re.findall(r"^\d\. ", CHINESE, re.MULTILINE)
    )


def test_the_readmes_name_the_same_commands_and_settings() -> None:
    assert code(ENGLISH) == code(CHINESE)


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_a_readme_names_every_setting_and_no_other(text: str) -> None:
    named = set(re.findall(rf"{PREFIX}[A-Z_]+", text))
    assert named == {PREFIX + name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_pictures_and_pages_a_readme_points_to_exist(text: str) -> None:
    for target in re.findall(r"\]\(((?!https?:)[^)]+)\)", text):
        assert (ROOT / target).exists(), target


def test_commands_of_the_command_line_named_in_the_readme_exist() -> None:
    known = {command.name or command.callback.__name__ for command in app.registered_commands
             if command.callback}  # fmt: skip
    known |= {group.name for group in app.registered_groups if group.name}
    named = set(re.findall(r"\.venv/bin/daifa (\w+)", ENGLISH))
    assert named
    assert named <= known
