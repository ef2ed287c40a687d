"""Every text is there in Chinese, fits its place, and every refusal has words."""

import re
import string
from inspect import isclass

import pytest

from app.texts import collected
from bot.commands import COMMANDS, read_command, summary
from bot.screens.errors import FAMILIES, WORDS
from bot.texts import LANGS, translator
from core import errors
from core.programs.errors import OnlyPrograms

CJK = re.compile(r"[㐀-鿿]")


def leaves(base: type) -> set[type]:
    children: list[type] = base.__subclasses__()
    return {leaf for child in children for leaf in leaves(child)} or {base}


def many(text: object) -> tuple[str, ...]:
    """Return one text or its plural forms as a tuple."""
    forms = text if isinstance(text, tuple | list) else (text,)
    return tuple(str(form or "") for form in forms)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_is_translated_and_keeps_its_values() -> None:
    for message in collected():
        if not message.id:
            continue
        ids, texts = many(message.id), many(message.string)
        assert all(texts), f"not translated: {message.id!r}"
        assert not message.fuzzy, f"in doubt, so not spoken: {message.id!r}"
        wanted = set().union(*(fields(one) for one in ids))
        for text in texts:
            assert fields(text) == wanted, f"{message.id!r} → {text!r}"


def test_tags_of_a_translation_are_those_of_its_text() -> None:
    tag = re.compile(r"</?[a-z]+>")
    for message in collected():
        if message.id and isinstance(message.id, str):
            assert sorted(tag.findall(message.id)) == sorted(tag.findall(str(message.string)))


def test_every_refusal_of_the_core_has_words() -> None:
    wordless = {
        leaf
        for leaf in leaves(errors.CoreError)
        if leaf not in WORDS and not issubclass(leaf, (*FAMILIES, OnlyPrograms))
    }
    assert not wordless


@pytest.mark.parametrize("lang", LANGS)
def test_every_command_has_a_line_that_telegram_takes(lang: str) -> None:
    for command in COMMANDS:
        line = summary(translator(lang), command.name)
        assert 1 <= len(line) <= 256
        assert re.fullmatch(r"[a-z0-9_]{1,32}", command.name)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/assign", ("assign", "")),
        ("/assign@daifa_bot 6912 F7K2Q9X", ("assign", "6912 F7K2Q9X")),
        ("分配", ("assign", "")),
        ("分配 6912 F7K2Q9X", ("assign", "6912 F7K2Q9X")),
        ("绑定F7K2Q9X", ("bind", "F7K2Q9X")),
        ("厂家", ("factories", "")),
        ("商家", ("merchants", "")),
        ("订单", ("orders", "")),
        ("帮助", ("help", "")),
        ("待发货", ("orders", "to_ship")),
        ("/nonsense", ("nonsense", "")),
    ],
)
def test_commands_are_understood_in_latin_and_as_chinese_words(
    typed: str, meant: tuple[str, str]
) -> None:
    assert read_command(typed, "daifa_bot") == meant


@pytest.mark.parametrize(
    "typed", ["订单怎么还没发", "/assign@another_bot", "你好", "SF1234567890123"]
)
def test_talk_is_no_command(typed: str) -> None:
    assert read_command(typed, "daifa_bot") is None


def test_values_are_escaped_and_messages_are_not() -> None:
    t = translator("en")
    assert t("<b>{name}</b> · {role}", name="<b>&", role="x") == "<b>&lt;b&gt;&amp;</b> · x"
    assert t.plain("{n} open", n="<") == "< open"


def test_words_live_in_classes_that_exist() -> None:
    assert all(isclass(kind) and issubclass(kind, errors.CoreError) for kind in WORDS)
