"""What rules would do with what waits now, what they did, and what they left and why."""

from collections.abc import Sequence

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.rule_words import rule_words
from bot.screens.screen import Button, Lines, Screen
from bot.screens.short import bounded, cut, listed, tail
from bot.screens.words import skip_words
from bot.texts import Html, Translator
from core.assignments.auto_assigning import AutoDone, AutoGiven, Left, Trial
from core.assignments.rule_matching import DISAGREE, GIVEN_BACK, NO_RULE, NOT_WORKING, PARTLY_GIVEN
from core.assignments.selecting import BATCH_LIMIT
from core.ids import key

NAME = 24


def trial_screen(t: Translator, shop_id: int, trial: Trial) -> Screen:
    """Show how many orders each rule would take, and what stays and why."""
    text = Lines([t("🧪 <b>Trial</b>: nothing is assigned yet.")])
    if trial.more:
        text.add(t("At most {n} go at once, those with the nearest deadline first.", n=BATCH_LIMIT))
    lines = [
        t("{n}. {rule} → {factory}: <b>{orders}</b>", n=place, rule=rule_words(t, one.rule),
          factory=cut(one.factory_name, NAME), orders=trial.takes.get(key(one.rule), 0))
        for place, one in enumerate(trial.rules, start=1)
        if one.rule.paused_at is None
    ]  # fmt: skip
    text.gap().add(*bounded(t, lines, most=len(lines), room=2000))
    text.gap().add(*left_lines(t, trial.left))
    if not trial.orders:
        text.gap().add(t("No order that waits now would go anywhere."))
        return Screen(text.text(), (_rules(t, shop_id), menu_button(t, shop_id)))
    words = t.n("✅ Assign {n} order", "✅ Assign {n} orders", trial.orders)
    apply = Button(words, d.ApplyRules(shop=shop_id, mark=trial.mark).pack())
    return Screen(text.text(), ((apply,), _rules(t, shop_id), menu_button(t, shop_id)))


def left_lines(t: Translator, left: Sequence[Left]) -> list[str]:
    """Return what stays where it is: how many for which reason, the first of them named."""
    if not left:
        return []
    every = sum(one.orders for one in left)
    lines: list[str] = [t.n("{n} stays unassigned:", "{n} stay unassigned:", every)]
    for one in left:
        named = listed(t, [tail(number) for number in one.order_nos], 3)
        lines.append(t("• {reason}: {n} ({orders})", reason=left_words(t, one.why), n=one.orders,
                       orders=named))  # fmt: skip
    return bounded(t, lines, most=12, room=1200)


def left_words(t: Translator, why: str) -> Html:
    """Return why a rule does not assign an order."""
    own = {
        NO_RULE: t("no rule matches"),
        DISAGREE: t("rules name different factories for its products"),
        NOT_WORKING: t("its rule's factory is not bound any more"),
        GIVEN_BACK: t("came back from that factory before"),
        PARTLY_GIVEN: t("part of it is assigned already"),
    }
    return own[why] if why in own else skip_words(t, why)


def done_screen(t: Translator, shop_id: int, done: AutoDone | Trial) -> Screen:
    """Show what the rules have assigned, and take it back where that still works.

    Where the trial did not hold any more: a new one, and that nothing was done.
    """
    if isinstance(done, Trial):
        line = t("Orders or rules have changed since: nothing was assigned. As it stands now:")
        return trial_screen(t, shop_id, done).under(line)
    n = sum(one.orders for one in done.given)
    text = Lines([t.n("✅ <b>Assigned by the rules: {n} order</b>",
                      "✅ <b>Assigned by the rules: {n} orders</b>", n)])  # fmt: skip
    text.add(*given_lines(t, done.given))
    text.gap().add(*left_lines(t, done.left))
    backs = [
        (
            Button(
                t.plain("↩️ Take back from {factory}", factory=cut(one.factory_name, NAME)),
                d.RecallBatch(shop=shop_id, draft=one.draft_id).pack(),
            ),
        )
        for one in done.given[:8]
    ]
    return Screen(text.text(), (*backs, _rules(t, shop_id), menu_button(t, shop_id)))


def given_lines(t: Translator, given: Sequence[AutoGiven]) -> list[str]:
    """Return which factory got how many by rules."""
    lines = [
        t.n("🤖 {n} order assigned to {factory} by rules",
            "🤖 {n} orders assigned to {factory} by rules", one.orders,
            factory=cut(one.factory_name, NAME))
        for one in given
    ]  # fmt: skip
    return bounded(t, lines, most=8, room=800)


def _rules(t: Translator, shop_id: int) -> tuple[Button]:
    return (Button(t("⬅️ Rules"), d.ShowRules(shop=shop_id).pack()),)
