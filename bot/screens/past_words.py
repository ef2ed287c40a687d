"""What each act of an order's audit is in words; a test demands words for every act written."""

from collections.abc import Callable

from bot.screens.given_there import not_given, told_platform
from bot.screens.notes import said
from bot.screens.platform_words import platform_why
from bot.screens.rule_words import rule_words
from bot.screens.short import cut
from bot.screens.words import carrier_name, decline_words, extra_name
from bot.texts import Html, Translator
from core.orders.past import Act

NAME = 24

Words = Callable[[Translator, Act], Html]


def _assigned(t: Translator, one: Act) -> Html:
    if one.rule is not None:
        return t("assigned to {factory} by the rule “{rule}”, which {name} added",
                 factory=cut(one.factory_name, NAME), rule=rule_words(t, one.rule),
                 name=cut(one.rule.by, NAME))  # fmt: skip
    if one.detail.get("rule"):
        return t("assigned to {factory} by a rule", factory=cut(one.factory_name, NAME))
    return t("assigned to {factory}", factory=cut(one.factory_name, NAME))


def _split(t: Translator, one: Act) -> Html:
    return t.n("split: {n} piece to {factory}", "split: {n} pieces to {factory}",
               one.detail["pieces"], factory=cut(one.factory_name, NAME))  # fmt: skip


def _taken_from(t: Translator, one: Act) -> Html:
    return t("some pieces taken back from {factory}", factory=cut(one.factory_name, NAME))


def _extra(t: Translator, one: Act) -> Html:
    return t("{kind} assigned to {factory}", kind=extra_name(t, one.detail["kind"]),
             factory=cut(one.factory_name, NAME))  # fmt: skip


def _declined(t: Translator, one: Act) -> Html:
    reason = one.detail.get("reason", "")
    return t("declined: {reason}", reason=cut(decline_words(t, reason), 60))


def _shipped(t: Translator, one: Act) -> Html:
    parcels = [f"{carrier_name(t, carrier)} {number}" for carrier, number in one.detail["parcels"]]
    shown = cut(t.plain(", ").join(parcels), 120)
    if one.detail.get("overlooked"):
        return t("shipped without confirming a change: {parcels}", parcels=shown)
    return t("shipped: {parcels}", parcels=shown)


def _had_left(t: Translator, one: Act) -> Html:
    parcels = [_number(t, parcel) for parcel in one.detail["parcels"]]
    if one.detail.get("over"):
        return t("said that it had left, though no longer with it: {parcels}",
                 parcels=cut(t.plain(", ").join(parcels), 120))  # fmt: skip
    return t(
        "had sent it before the stop: {parcels}", parcels=cut(t.plain(", ").join(parcels), 120)
    )


def _under_way(t: Translator, one: Act) -> Html:
    parcels = [_number(t, parcel) for parcel in one.detail["parcels"]]
    return t(
        "stopped, but under way: {parcels}; the merchant was asked whether to call it back",
        parcels=cut(t.plain(", ").join(parcels), 120),
    )


def _judged(t: Translator, one: Act) -> Html:
    if one.detail["say"] == "intercept":
        return t("has the parcel called back")
    if one.detail.get("instead"):
        return t("nothing stops it any more: the parcel need not be called back")
    if one.detail.get("beside"):
        return t("lets the parcel go on, though others have the order")
    return t("lets the parcel go on")


def _corrected(t: Translator, one: Act) -> Html:
    return t("number put right: {old} → {new}", old=_number(t, one.detail["before"]),
             new=_number(t, one.detail["after"]))  # fmt: skip


def _number(t: Translator, parcel: list[str]) -> str:
    return f"{carrier_name(t, parcel[0])} {parcel[1]}"


def _ticket(t: Translator, one: Act) -> str:
    return _number(t, [one.detail["carrier"], one.detail["number"]])


def _awaited(t: Translator, one: Act) -> Html:
    until, reason = one.detail["until"][5:], one.detail.get("reason", "")
    if not reason:
        return t("waits for goods until {day}", day=until)
    return t("waits for goods until {day}: {reason}", day=until, reason=said(t, reason, 60))


WORDS: dict[str, Words] = {
    "imported": lambda t, _: t("imported"),
    "import_undone": lambda t, _: t("import undone"),
    "assigned": _assigned,
    "split": _split,
    "pieces_taken_back": _taken_from,
    "extra_assigned": _extra,
    "recalled": lambda t, _: t("taken back"),
    "accepted": lambda t, _: t("accepted"),
    "declined": _declined,
    "looked": lambda t, _: t("looked at the recipient"),
    "printed": lambda t, _: t("printed the packing slip"),
    "label_printed": lambda t, one: t(
        "printed the e-waybill {number}", number=one.detail["number"]
    ),
    "ticket_drawn": lambda t, one: t("drew the e-waybill {number}", number=_ticket(t, one)),
    "ticket_cancelled": lambda t, one: t(
        "gave the e-waybill {number} back", number=_ticket(t, one)
    ),
    "ticket_kept": lambda t, one: t(
        "the platform did not take the e-waybill {number} back", number=_ticket(t, one)
    ),
    "shipped": _shipped,
    "corrected": _corrected,
    "had_left": _had_left,
    "under_way": _under_way,
    "judged": _judged,
    "let_go": lambda t, _: t("refused the refund: to be shipped"),
    "changed": lambda t, _: t("order changed"),
    "reminded": lambda t, _: t("the factory was reminded of the deadline"),
    "late": lambda t, _: t("the deadline has passed, both sides were told"),
    "silent": lambda t, _: t("the factory has done nothing yet, the merchant was told"),
    "waiting_told": lambda t, _: t(
        "no factory has it yet, its deadline is near or past: the merchant was told"
    ),
    "recall_silent": lambda t, _: t(
        "the factory did not answer the request to give it back, the merchant was told"
    ),
    "nudged": lambda t, _: t("asked the factory to hurry"),
    "change_repeated": lambda t, _: t("nobody had seen the change: the factory was told again"),
    "change_escalated": lambda t, _: t("still nobody had seen the change: the merchant was told"),
    "goods_awaited": _awaited,
    "hold_agreed": lambda t, _: t("agreed to wait"),
    "hold_due": lambda t, _: t("reminded: the goods were hoped for today"),
    "hold_over": lambda t, _: t("has the goods, goes on"),
    "recall_asked": lambda t, _: t("asked for it back"),
    "recall_unasked": lambda t, _: t("asks for it back no more"),
    "recall_agreed": lambda t, _: t("gave it back when asked"),
    "recall_refused": lambda t, _: t("kept it: packed already"),
    "asked": lambda t, _: t("asked a question"),
    "answered": lambda t, _: t("answered a question"),
    "told_platform": told_platform,
    "given_there": lambda t, _: t("assigned on the platform too"),
    "taken_back_there": lambda t, _: t("taken back on the platform too"),
    "not_given_there": not_given,
    "telling_given_up": lambda t, one: t(
        "the platform does not take the number: {why}", why=platform_why(t, one.detail["why"])
    ),
    "telling_retried": lambda t, _: t("has the platform told again"),
    "erased": lambda t, _: t("recipient and notes erased, as the rules ask"),
    "acknowledged": lambda t, _: t("has seen the change"),
}
