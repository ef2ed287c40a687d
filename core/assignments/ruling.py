"""自动分配规则: keeping them. What they do is `core.assignments.auto_assigning`'s."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.acting import acting
from core.assignments.rule_errors import (
    ProvincesUnclear,
    RuleExists,
    RuleNotFound,
    RuleWordMissing,
    TooManyRules,
)
from core.assignments.rule_matching import BETWEEN
from core.entities import AssignRule, RuleKind
from core.errors import DraftGone, NotBound, TextTooLong
from core.orders.filtering import CodeUnknown
from core.orders.lookups import CodeSeen
from core.orders.views import BindingRow
from core.ports import Store
from core.text.plain import half_width, one_line
from core.text.regions import PROVINCES, provinces_in
from core.values import Actor

KINDS: tuple[RuleKind, ...] = ("code", "keyword", "province", "all")
LIMIT, WORD_LIMIT, PROVINCES_LIMIT = 30, 60, 300
FACTORIES = 60  # bound factories to choose from; a message takes 100 buttons
RULE_WORD, RULE_FACTORY = "rule_word", "rule_factory"
_AT_A_TIME = 50


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as its merchant sees it; it `works` while its factory is bound and open."""

    rule: AssignRule
    factory_name: str
    works: bool


@dataclass(frozen=True, slots=True)
class NewRule:
    """A rule short of its factory; `mark` tells it from others."""

    kind: RuleKind
    word: str
    factories: Sequence[BindingRow]
    mark: int


class Ruling:
    """Use cases of a merchant's rules."""

    def every(self, store: Store, actor: Actor) -> list[RuleView]:
        """Return the rules in their order."""
        acting(store, actor, "merchant")
        return self.of_shop(store, actor.shop_id)

    def of_shop(self, store: Store, shop_id: int) -> list[RuleView]:
        """Return a shop's rules in their order, whoever asks: for what brings orders in."""
        return [self._view(store, one) for one in store.rules.of(shop_id)]

    def one(self, store: Store, actor: Actor, rule_id: int) -> RuleView:
        """Return a rule of one's own. Raises `RuleNotFound`."""
        return self._view(store, self._mine(store, actor, rule_id))

    def codes(self, store: Store, actor: Actor) -> Sequence[CodeSeen]:
        """Return product codes on recent orders, those that wait first."""
        acting(store, actor, "merchant")
        waiting = store.orders.codes_seen(actor.shop_id, "unassigned")
        return waiting or store.orders.codes_seen(actor.shop_id, "to_ship")

    def provinces(self, store: Store, actor: Actor) -> Sequence[str]:
        """Return provinces of recent orders, in the usual order."""
        acting(store, actor, "merchant")
        seen = set(store.orders.provinces_seen(actor.shop_id, "unassigned"))
        seen = seen or set(store.orders.provinces_seen(actor.shop_id, "to_ship"))
        return [one for one in PROVINCES if one in seen]

    def begin(self, store: Store, actor: Actor, kind: str) -> None:
        """Ask what a new rule looks for. Raises `DraftGone` for a kind there is not."""
        acting(store, actor, "merchant")
        data = {"shop": actor.shop_id, "kind": _kind(kind)}
        store.accounts.ask(actor.account_id, RULE_WORD, data)

    def word(self, store: Store, actor: Actor, text: str) -> NewRule:
        """Take what the new rule looks for, as typed. Raises as `_word`, `DraftGone`."""
        return self.looks_for(store, actor, self._asked(store, actor)["kind"], text)

    def looks_for(self, store: Store, actor: Actor, kind: str, text: str) -> NewRule:
        """Take what the new rule looks for; its factory is asked next.

        Raises `RuleWordMissing`, `TextTooLong`, `ProvincesUnclear`, `RuleExists`, `TooManyRules`.
        """
        acting(store, actor, "merchant")
        chosen = _kind(kind)
        word = _word(chosen, text)
        self._refuse(store, actor, chosen, word)
        data = {"shop": actor.shop_id, "kind": chosen, "word": word}
        store.accounts.ask(actor.account_id, RULE_FACTORY, data)
        return NewRule(chosen, word, _factories(store, actor), _mark(data))

    def code_of(self, store: Store, actor: Actor, line_id: int) -> str:
        """Return the code of a line of one's own. Raises `CodeUnknown`."""
        acting(store, actor, "merchant")
        code = store.orders.code_of_line(actor.shop_id, line_id)
        if not code:
            raise CodeUnknown
        return code

    def add(self, store: Store, actor: Actor, factory_id: int, mark: int) -> RuleView:
        """Keep the rule that was asked about, behind the others but before 全部订单.

        `mark` is of what was shown: a button of an older question adds nothing. Raises `DraftGone`,
        `NotBound`, `RuleExists`, `TooManyRules`.
        """
        data = self._asked(store, actor)
        if "word" not in data or _mark(data) != mark:
            raise DraftGone
        if store.bindings.bound(actor.shop_id, factory_id) is None:
            raise NotBound
        kind: RuleKind = data["kind"]
        self._refuse(store, actor, kind, data["word"])
        before = list(store.rules.of(actor.shop_id))
        rule = store.rules.add(
            AssignRule(
                shop_id=actor.shop_id, factory_id=factory_id, kind=kind, word=data["word"],
                place=len(before) + 1, created_by=actor.account_id, created_at=store.now,
            )
        )  # fmt: skip
        catching_all = [one for one in before if one.kind == "all"] if kind != "all" else []
        rest = [one for one in before if one not in catching_all]
        _renumber([*rest, rule, *catching_all])
        store.accounts.hush(actor.account_id)
        store.record(actor, "rule_added", rule=rule.id, factory=factory_id, kind=kind)
        return self._view(store, rule)

    def change(self, store: Store, actor: Actor, rule_id: int, act: str) -> RuleView:
        """Pause, resume or end a rule, or move it up or down. Again is fine.

        Raises `RuleNotFound`.
        """
        rule = self._mine(store, actor, rule_id)
        rules = list(store.rules.of(actor.shop_id))
        if act == "pause":
            rule.paused_at = rule.paused_at or store.now
        elif act == "resume":
            rule.paused_at = None
        elif act == "end":
            rule.ended_at = store.now
            _renumber([one for one in rules if one is not rule])
        else:
            at = rules.index(rule)
            to = min(max(at + (1 if act == "down" else -1), 0), len(rules) - 1)
            rules.insert(to, rules.pop(at))
            _renumber(rules)
        store.record(actor, "rule_changed", rule=rule_id, how=act)
        return self._view(store, rule)

    def _view(self, store: Store, rule: AssignRule) -> RuleView:
        binding = store.bindings.bound(rule.shop_id, rule.factory_id)
        known = binding or store.bindings.ever(rule.shop_id, rule.factory_id)
        factory = store.shops.of(rule.factory_id)
        name = (known.merchant_alias if known else "") or factory.name
        works = factory.closed_at is None and factory.suspended_at is None
        return RuleView(rule, name, binding is not None and works)

    def _mine(self, store: Store, actor: Actor, rule_id: int) -> AssignRule:
        acting(store, actor, "merchant")
        rule = store.rules.get(rule_id)
        if rule is None or rule.shop_id != actor.shop_id or rule.ended_at is not None:
            raise RuleNotFound
        return rule

    def _refuse(self, store: Store, actor: Actor, kind: RuleKind, word: str) -> None:
        rules = store.rules.of(actor.shop_id)
        if any(one.kind == kind and one.word.casefold() == word.casefold() for one in rules):
            raise RuleExists(word)
        if len(rules) >= LIMIT:
            raise TooManyRules(LIMIT)

    def _asked(self, store: Store, actor: Actor) -> dict[str, Any]:
        acting(store, actor, "merchant")
        talk = store.accounts.talk(actor.account_id)
        if talk is None or talk[0] not in (RULE_WORD, RULE_FACTORY):
            raise DraftGone
        if talk[1]["shop"] != actor.shop_id:
            raise DraftGone
        return talk[1]


def _kind(kind: str) -> RuleKind:
    if kind not in KINDS:
        raise DraftGone
    return kind


def _word(kind: RuleKind, text: str) -> str:
    if kind == "all":
        return ""
    word = one_line(half_width(text))
    if not word:
        raise RuleWordMissing
    limit = PROVINCES_LIMIT if kind == "province" else WORD_LIMIT
    if len(word) > limit:
        raise TextTooLong(limit)
    if kind != "province":
        return word
    provinces = provinces_in(word)
    if not provinces:
        raise ProvincesUnclear(word)
    return BETWEEN.join(provinces)


def _renumber(rules: Sequence[AssignRule]) -> None:
    for place, one in enumerate(rules, start=1):
        one.place = place


def _factories(store: Store, actor: Actor) -> list[BindingRow]:
    shop, after, bound = store.shops.of(actor.shop_id), 0, list[BindingRow]()
    while len(bound) < FACTORIES and (rows := store.bindings.page(shop, after, _AT_A_TIME)):
        bound += [row for row in rows if row.status == "bound"]
        after = rows[-1].id
    return bound[:FACTORIES]


def _mark(data: dict[str, Any]) -> int:
    return zlib.crc32(json.dumps(data, sort_keys=True).encode())
