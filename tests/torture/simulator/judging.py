"""What must hold of a town at the end, after the weather has cleared: in words what does not."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlmodel import col, select

from core.entities import Account, Alert, Chat, Member, PoisonedUpdate, Shipment
from playground.updates import KEPT
from storage.store import SqlStore
from tests.core.truth import faults as broken_promises
from tests.torture.simulator.hours import START
from tests.torture.simulator.town import PEOPLE, Town
from tests.torture.simulator.wire import Called

REPEATED: Final = "可能重复"
# What a fault of the wire, a busy file or a server that is away becomes where it is met.
OUTSIDE: Final = frozenset({
    "TelegramNetworkError", "TelegramServerError", "TelegramRetryAfter", "ClientDecodeError",
    "DatabaseBusy", "DatabaseAway", "DatabaseUncertain", "TelegramForbiddenError",
    "TelegramMigrateToChat",
})  # fmt: skip
# Logged of what is judged otherwise, or of two polls that crossed on their way.
EXPLAINED: Final = (
    "an update was given up", "somebody else takes this bot's updates",
    "another run serves this bot; this one waits",
)  # fmt: skip


async def judged(town: Town, rate: float) -> list[str]:
    """Return everything that is wrong; `rate` is how often calls went wrong."""
    found = await town.read(_in_rows)
    alerts, sent = found.pop("alerts"), _by_alert(town.wire.calls)
    return [
        *found["wrong"],
        *_owed(town, alerts, sent),
        *_repeats(sent),
        *_in_order(alerts, sent),
        *_unanswered(town),
        *_logged(town.logs),
        *(["updates nobody took"] if town.pending() else []),
        *([] if rate else [f"given up in fine weather: {one}" for one in found["poisoned"]]),
        *(f"given up: {one}" for one in found["poisoned"] if one.split()[-1] not in OUTSIDE),
    ]


def _in_rows(store: SqlStore) -> dict[str, Any]:
    session = store.session
    wrong = [*broken_promises(store), *_doubled(store), *_untold(store)]
    if trouble := store.troubles():
        wrong.append(trouble)
    poisoned = session.scalars(select(PoisonedUpdate)).all()
    return {
        "wrong": wrong,
        "poisoned": [f"update {one.update_id} {one.kind} {one.error}" for one in poisoned],
        "alerts": session.scalars(select(Alert).order_by(col(Alert.id))).all(),
    }


def _doubled(store: SqlStore) -> Iterator[str]:
    """No parcel stands twice."""
    seen = set()
    for one in store.session.scalars(select(Shipment)):
        place = (one.assignment_id, one.carrier, one.tracking_number)
        if place in seen:
            yield f"parcel {place} stands twice"
        seen.add(place)


def _untold(store: SqlStore) -> Iterator[str]:
    """Who cannot be reached at all: the shops bound to theirs have been told."""
    told = {
        one.payload["shop_id"]
        for one in store.session.scalars(
            select(Alert).where(col(Alert.event) == "ShopUnreachable")
        )
    }  # fmt: skip
    for chat in store.session.scalars(select(Chat)):
        account = store.session.scalars(
            select(Account).where(col(Account.telegram_id) == chat.chat_id)
        ).one_or_none()
        if account is None:
            continue
        for member in store.session.scalars(
            select(Member).where(
                col(Member.account_id) == account.id, col(Member.left_at).is_(None)
            )
        ):
            if not store.alerts.any_reachable(member.shop_id) and member.shop_id not in told:
                yield f"shop {member.shop_id} is out of reach and nobody was told"


Attempts = dict[int, dict[int, list[Called]]]


def _by_alert(calls: Sequence[Called]) -> Attempts:
    """Return what was called for each alert, attempt by attempt; edits of older cards are none."""
    found: Attempts = defaultdict(lambda: defaultdict(list))
    for one in calls:
        if one.cause.startswith("alert ") and one.method.startswith("send"):
            found[int(one.cause.split()[1])][one.attempt].append(one)
    return found


def _owed(town: Town, alerts: Sequence[Alert], sent: Attempts) -> Iterator[str]:
    """Every alert has arrived, or its chat is out of reach for good.

    One that had nothing to say any more at its last attempt is settled without a call; one that may
    have arrived twice is not sent a third time.
    """
    gone = {person for person in PEOPLE if _blocked(town, person)}
    for one in alerts:
        calls = [call for attempt in sent.get(one.id or 0, {}).values() for call in attempt]
        arrived = any(call.arrived for call in calls)
        if one.state == "unreachable" and one.chat_id in gone:
            continue
        if one.state not in {"sent", "unknown"}:
            why = {call.refusal for call in calls}
            yield f"alert {one.id} {one.event} to {one.chat_id} is {one.state} {why or ''}"
        elif one.state == "unknown" and _unheard(town, sent.get(one.id or 0, {})) > 1:
            continue
        elif len(sent.get(one.id or 0, {})) == one.attempts and not arrived:
            yield f"alert {one.id} {one.event} is {one.state} and never arrived"


def _unheard(town: Town, attempts: dict[int, list[Called]]) -> int:
    """Return of how many attempts the house may never have heard what became of them.

    The answer went wrong, or the machine was put to sleep while it was on its way.
    """
    slept = [edge for pause in town.pauses for edge in pause]
    return sum(
        any(call.fault or any(abs(call.at - edge) < 1 for edge in slept) for call in calls)
        for calls in attempts.values()
    )


def _blocked(town: Town, person: int) -> bool:
    row = town.world.database.row("SELECT blocked FROM dialogs WHERE person = ?", person)
    return bool(row and row["blocked"])


def _repeats(sent: Attempts) -> Iterator[str]:
    """What may have arrived before says so."""
    for alert, attempts in sent.items():
        whole = [calls for _, calls in sorted(attempts.items()) if any(c.arrived for c in calls)]
        for calls in whole[1:]:
            if not any(REPEATED in call.text for call in calls):
                yield f"alert {alert} arrived again and does not say so"


def _in_order(alerts: Sequence[Alert], sent: Attempts) -> Iterator[str]:
    """Within a chat they arrived in the order in which they were owed."""
    first: dict[int, list[tuple[float, int]]] = defaultdict(list)
    waited = {one.id for one in alerts if one.due_at > one.created_at and one.attempts < 2}
    for alert, attempts in sent.items():
        arrived = [c for calls in attempts.values() for c in calls if c.arrived]
        if arrived and alert not in waited:
            first[arrived[0].chat].append((arrived[0].at, alert))
    for chat, came in first.items():
        order = [alert for _, alert in sorted(came)]
        if order != sorted(order):
            yield f"chat {chat} heard {order}"


def _unanswered(town: Town) -> Iterator[str]:
    """A press is answered, unless the answer was refused or lost, or Telegram has forgotten it."""
    tried = {
        one.cause for one in town.wire.calls
        if one.method == "answerCallbackQuery" or one.fault or one.status != 200
    }  # fmt: skip
    pressed = {
        json.loads(row["body"])["callback_query"]["id"]: row["id"]
        for row in town.world.database.rows(
            "SELECT id, body FROM updates WHERE kind = 'callback_query'"
        )
    }
    for row in town.world.database.rows("SELECT id FROM callbacks WHERE answer IS NULL"):
        update = pressed[str(row["id"])]
        if f"update {update}" not in tried and not _forgotten(town, update):
            yield f"press {update} was not answered"


def _forgotten(town: Town, update: int) -> bool:
    """Return whether no question for updates was answered in the day that Telegram kept this one.

    The house slept twenty hours, was answered nothing when it woke, and slept again.
    """
    row = town.world.database.row("SELECT made FROM updates WHERE id = ?", update)
    assert row is not None
    made = row["made"] - START.timestamp()
    return not any(made < at < made + KEPT for at in town.wire.polled)


def _logged(logs: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Nothing went wrong inside that was not wrong outside."""
    for one in logs:
        if one["log_level"] in {"error", "warning"} and "error" in one:
            if one["error"] not in OUTSIDE:
                yield "log: " + " ".join(f"{name}={value}" for name, value in one.items())
        elif one["log_level"] == "error" and not one["event"].startswith(EXPLAINED):
            yield "log: " + " ".join(f"{name}={value}" for name, value in one.items())
