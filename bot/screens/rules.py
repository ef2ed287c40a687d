"""自动分配规则: the list, one rule, adding one."""

from collections.abc import Sequence

from bot.keyboards import data as d
from bot.keyboards.parts import cancel_button, menu_button
from bot.screens.assigning import no_factory
from bot.screens.rule_words import rule_name, rule_words
from bot.screens.screen import Button, Lines, Row, Screen
from bot.screens.short import bounded, cut
from bot.texts import Html, Translator
from core.assignments.ruling import KINDS, WORD_LIMIT, NewRule, RuleView
from core.ids import key
from core.orders.lookups import CodeSeen
from core.text.regions import PROVINCES

NAME, ON_BUTTON = 24, 22


def rules_screen(t: Translator, shop_id: int, rules: Sequence[RuleView]) -> Screen:
    """Show every rule in its order, each behind a button."""
    add = Button(t("➕ Add a rule"), d.AddRule(shop=shop_id).pack())
    text = Lines([t("🤖 <b>Auto-assign rules</b>")])
    if not rules:
        text.add(t("No rules yet. With rules, new orders go to the right factory by themselves: by "
                   "product code, keyword or province, or all of them."))  # fmt: skip
        return Screen(text.text(), ((add,), menu_button(t, shop_id)))
    text.add(t("New orders go by the first rule that matches, from the top."))
    lines = [_line(t, place, one) for place, one in enumerate(rules, start=1)]
    text.gap().add(*bounded(t, lines, most=len(lines), room=3200))
    buttons = [
        Button(
            t.plain("{n} · {rule}", n=place, rule=cut(rule_name(t, one.rule), ON_BUTTON)),
            d.ShowRule(shop=shop_id, rule=key(one.rule)).pack(),
        )
        for place, one in enumerate(rules, start=1)
    ]
    rows: list[Row] = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    trial = Button(t("🧪 Try them on what waits now"), d.TryRules(shop=shop_id).pack())
    return Screen(text.text(), (*rows, (trial,), (add,), menu_button(t, shop_id)))


def _line(t: Translator, place: int, one: RuleView) -> str:
    line = t("{n}. {rule} → {factory}", n=place, rule=rule_words(t, one.rule),
             factory=cut(one.factory_name, NAME))  # fmt: skip
    return f"{line}{_state(t, one)}"


def _state(t: Translator, one: RuleView) -> str:
    state = ""
    if one.rule.paused_at is not None:
        state += "\n   " + t("⏸ Paused")
    if not one.works:
        state += "\n   " + t("⚠️ Not working: this factory is not bound any more. What matches "
                             "stays unassigned.")  # fmt: skip
    return state


def rule_screen(t: Translator, shop_id: int, one: RuleView) -> Screen:
    """Show one rule and what can be done with it."""
    rule = one.rule
    text = Lines([t("🤖 <b>Rule {n}</b>", n=rule.place)])
    text.add(t("{rule} → {factory}", rule=rule_words(t, rule), factory=cut(one.factory_name, NAME)))
    text.add(_state(t, one).strip())
    paused = rule.paused_at is not None
    turn = (t("▶️ Resume"), "resume") if paused else (t("⏸ Pause"), "pause")
    acts = [
        [(t("⬆️ Earlier"), "up"), (t("⬇️ Later"), "down")],
        [turn, (t("🗑 Delete"), "ask")],
    ]
    rows = tuple(tuple(_act(shop_id, one, *each) for each in row) for row in acts)
    return Screen(text.text(), (*rows, _back(t, shop_id)))


def ask_end(t: Translator, shop_id: int, one: RuleView) -> Screen:
    """Ask once before a rule is deleted."""
    text = Lines([t("Delete this rule?"), rule_words(t, one.rule)])
    text.add(t("What it has assigned stays with the factory."))
    keep = Button(t("⬅️ Keep it"), d.ShowRule(shop=shop_id, rule=key(one.rule)).pack())
    return Screen(text.text(), ((_act(shop_id, one, t("🗑 Delete"), "end"),), (keep,)))


def _act(shop_id: int, one: RuleView, words: str, act: str) -> Button:
    return Button(words, d.ChangeRule(shop=shop_id, rule=key(one.rule), act=act).pack())


def choose_kind(t: Translator, shop_id: int) -> Screen:
    """Ask which orders the new rule is for."""
    names = {
        "code": t.plain("Product code"), "keyword": t.plain("Keyword"),
        "province": t.plain("Province"), "all": t.plain("All orders"),
    }  # fmt: skip
    buttons = [Button(names[one], d.AddRule(shop=shop_id, kind=one).pack()) for one in KINDS]
    text = Lines([t("Which orders is the rule for?")])
    text.add(t("A keyword is looked for in products' names and specifications."))
    return Screen(text.text(), (tuple(buttons[:2]), tuple(buttons[2:]), _back(t, shop_id)))


def ask_code(t: Translator, shop_id: int, codes: Sequence[CodeSeen], *, private: bool) -> Screen:
    """Offer codes of recent orders; another is typed."""
    buttons = [_word(shop_id, "code", one.line_id, cut(one.code, ON_BUTTON)) for one in codes]
    text = Lines([t("Orders with which product code?")])
    text.add(t("Choose one, or send me the whole code.") if private else _only_chosen(t))
    return _asking(t, text, buttons, 2)


def ask_keyword(t: Translator) -> Screen:
    """Ask for a keyword."""
    text = t("Send me the keyword, at most {limit} characters. Orders with it in a product's name "
             "or specification match.", limit=WORD_LIMIT)  # fmt: skip
    return Screen(text, (cancel_button(t),))


def ask_province(t: Translator, shop_id: int, provinces: Sequence[str], *, private: bool) -> Screen:
    """Offer provinces of recent orders; another is typed."""
    buttons = [_word(shop_id, "province", PROVINCES.index(one) + 1, one) for one in provinces]
    text = Lines([t("Orders to which province?")])
    text.add(
        t("Choose one, or send me names, as many as you like: 浙江、江苏.")
        if private
        else _only_chosen(t)
    )
    return _asking(t, text, buttons, 4)


def _only_chosen(t: Translator) -> Html:
    return t("Choose one. To type another, add the rule in our private chat.")


def only_privately(t: Translator, username: str) -> Screen:
    """Say that a word cannot be typed in a group."""
    text = t("A keyword has to be typed: please add this rule in our private chat.")
    return Screen(text, ((Button(t("Open the private chat"), url=f"https://t.me/{username}"),),))


def _word(shop_id: int, kind: str, ref: int, words: str) -> Button:
    return Button(words, d.PickRuleWord(shop=shop_id, kind=kind, ref=ref).pack())


def _asking(t: Translator, text: Lines, buttons: Sequence[Button], width: int) -> Screen:
    rows = [tuple(buttons[at : at + width]) for at in range(0, len(buttons), width)]
    return Screen(text.text(), (*rows, cancel_button(t)))


def choose_factory(t: Translator, shop_id: int, new: NewRule) -> Screen:
    """Ask which factory gets them: pressing it keeps the rule."""
    if not new.factories:
        return no_factory(t, shop_id)
    text = t("{rule}: which factory gets these orders?", rule=rule_words(t, new))
    rows: list[Row] = [
        (
            Button(
                t.plain("✅ {factory}", factory=cut(row.alias or row.name, NAME)),
                d.SaveRule(shop=shop_id, factory=row.shop_id, mark=new.mark).pack(),
            ),
        )
        for row in new.factories
    ]
    return Screen(text, (*rows, cancel_button(t)))


def added_line(t: Translator, one: RuleView) -> Html:
    """Say that a rule was kept."""
    return t("✅ Rule kept: {rule} → {factory}. It applies to orders that come in from now on; "
             "below you can try it on those that wait already.", rule=rule_words(t, one.rule),
             factory=cut(one.factory_name, NAME))  # fmt: skip


def ended_line(t: Translator) -> Html:
    """Say that a rule was deleted."""
    return t("🗑 Rule deleted.")


def _back(t: Translator, shop_id: int) -> Row:
    return (Button(t("⬅️ Rules"), d.ShowRules(shop=shop_id).pack()),)
