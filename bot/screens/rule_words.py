"""A rule in words: on the rules' screens, and on what they have made."""

from typing import Protocol

from bot.screens.short import cut
from bot.texts import Html, Translator
from core.entities import RuleKind

WORD = 40


class Worded(Protocol):
    """What a rule looks for."""

    @property
    def kind(self) -> RuleKind: ...
    @property
    def word(self) -> str: ...


def rule_words(t: Translator, rule: Worded) -> Html:
    """Return what a rule looks for."""
    word = cut(rule.word, WORD)
    return {
        "code": t("code <b>{word}</b>", word=word),
        "keyword": t("keyword <b>{word}</b>", word=word),
        "province": t("to <b>{word}</b>", word=word),
        "all": t("<b>all orders</b>"),
    }[rule.kind]


def rule_name(t: Translator, rule: Worded) -> str:
    """Return the same for a button."""
    word = cut(rule.word, WORD)
    return {
        "code": t.plain("code {word}", word=word),
        "keyword": t.plain("keyword {word}", word=word),
        "province": t.plain("to {word}", word=word),
        "all": t.plain("all orders"),
    }[rule.kind]


def made_by(t: Translator, rule: Worded | None) -> str:
    """Return the line of an assignment that a rule made; nothing for a person's."""
    return t("🤖 By rule: {rule}", rule=rule_words(t, rule)) if rule is not None else ""
