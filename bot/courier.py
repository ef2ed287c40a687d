"""The courier: takes what the outbox owes to the chats it is owed to.

Claimed with a lease, sent, settled. Within a chat strictly in order and at most one per
`chat_pause`; chats side by side, as fast as the bot's rate limiter lets them. A message that may
have arrived is repeated once and says so; what is not Telegram's last word is tried again.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import structlog
import telegram
from telegram.error import TelegramError

from bot import telegram_out
from bot.ending import PATIENCE, unbroken
from bot.following import Following
from bot.house import House
from bot.outcomes import Moved, Outcome, Rejected, RetryAt, Sent, Unknown, Unreachable, outcome_of
from bot.screens.screen import CardRef, Screen
from bot.texts import translator
from core.entities import Alert, Card
from core.ids import key
from core.orders.shown import CardsOutdated
from core.people.gathering import follow
from core.people.reaching import lost
from core.ports import Store

log = structlog.stdlib.get_logger(__name__)

Render = Callable[[Store, Alert], Screen | None]

# Events that change what a card says: older messages of the chat about the same thing follow.
REDRAWING: Final = frozenset(
    {"OrderChanged", "ChangeAcknowledged", "OrderRecalled", "OrderLetGo", "ParcelJudged"}
)
LONGEST_PAUSE: Final = timedelta(minutes=5)
RENDER_TRIES: Final = 3
NEWEST: Final = 4  # messages of a chat about a thing that follow what has happened to it
DOUBTFUL_TRIES: Final = 300  # about a day of refusals at the longest pause


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the courier goes. Times are the store's clock's, `chat_pause`, `look` and
    `edit_pause` (between two older cards redrawn, of all chats) ours.

    `lease` is longer than one message can take; `retry` is the first pause after a failure and
    doubles up to five minutes; `doubt` comes before the one repeat of a message with an unknown
    outcome, long enough for a short outage to pass.
    """

    chat_pause: float = 1.0
    at_once: int = 30
    lease: timedelta = timedelta(seconds=60)
    retry: timedelta = timedelta(seconds=2)
    doubt: timedelta = timedelta(seconds=30)
    look: float = 30.0
    edit_pause: float = 0.25


class Courier:
    """Delivers alerts until cancelled.

    `render(store, alert)` makes the screen from what now stands; None when there is nothing to say
    any more. It only reads.
    """

    def __init__(
        self, house: House, bot: telegram.Bot, render: Render, pace: Pace | None = None
    ) -> None:
        self._house = house
        self._bot = bot
        self._render = render
        self._pace = pace or Pace()
        self._following = Following(house, bot, self._pace.edit_pause)
        self._busy: set[int] = set()  # chats being written to, or resting after it
        self._sending: set[asyncio.Task[None]] = set()
        self._ends = asyncio.Event()

    async def run(self) -> None:
        """Deliver until cancelled; then let what was claimed be sent and settled."""
        try:
            while True:
                self._house.owed.clear()
                await self._wait(await unbroken(self._round(), self._ends.set))
        finally:
            if self._sending:
                _, late = await asyncio.wait(self._sending, timeout=PATIENCE)
                for task in late:
                    task.cancel()
                await asyncio.gather(*late, return_exceptions=True)
            await self._following.end()

    async def _round(self) -> float:
        """Start what is due; return the seconds until more is."""
        room = self._pace.at_once - len(self._sending)
        if room <= 0:
            return self._pace.look  # a message that arrives wakes us

        def claim(store: Store) -> tuple[list[Alert], float]:
            # A server that was away lets us in now, when another may be about to lead.
            if self._ends.is_set():
                return [], self._pace.look
            lease_until = store.now + self._pace.lease
            claimed = list(store.alerts.claim(room, lease_until, self._busy))
            store.flush()
            taken = self._busy | {alert.chat_id for alert in claimed}
            due = store.alerts.next_due(taken)
            wait = (due - store.now).total_seconds() if due else self._pace.look
            return claimed, wait

        try:
            async with self._house.telling:
                claimed, wait = await self._house.database.write(claim)
        except Exception as error:  # noqa: BLE001 - the outbox waits; so do we
            log.error("the outbox cannot be read", error=type(error).__name__)
            return self._pace.retry.total_seconds()
        for alert in claimed:
            self._busy.add(alert.chat_id)
            task = asyncio.create_task(self._deliver(alert), name=f"alert {alert.id}")
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        return wait

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(min(max(seconds, 0.0), self._pace.look)):
                await self._house.owed.wait()
        except TimeoutError:
            return

    async def _deliver(self, alert: Alert) -> None:
        pause = self._pace.chat_pause
        try:
            outcome, screen = await self._attempt(alert)
            about = screen.card if screen else None
            await self._house.database.write(
                lambda store: self._settle(store, alert, outcome, about)
            )
            _tell(alert, outcome)
            if screen is not None and isinstance(outcome, Sent) and alert.event in REDRAWING:
                await self._redraw(alert.chat_id, screen, outcome.message_ids)
            if alert.event == CardsOutdated.__name__:
                self._following.follow(alert)
                pause = 0.0  # nothing was sent
        except Exception as error:  # noqa: BLE001 - its lease runs out and it comes again, doubtful
            log.error("an alert could not be settled", alert=alert.id, error=type(error).__name__)
        finally:
            asyncio.get_running_loop().call_later(pause, self._free, alert.chat_id)

    def _free(self, chat_id: int) -> None:
        self._busy.discard(chat_id)
        self._house.owed.set()

    async def _redraw(self, chat_id: int, screen: Screen, sent: tuple[int, ...]) -> None:
        """Bring this chat's last messages about the same thing up to date: no old card misleads."""
        about = screen.card
        if about is None:
            return
        here = self._house.bot_id, chat_id, about.kind, about.ref_id
        cards = await self._house.database.read(lambda store: store.chats.cards_of(*here, NEWEST))
        for message_id in (one.message_id for one in cards if one.message_id not in sent):
            try:
                await telegram_out.edit(self._bot, chat_id, message_id, screen.plain or screen)
            except TelegramError as error:  # deleted, or too old: the new message stands below
                log.info("an older card was not redrawn", error=type(error).__name__)

    async def _attempt(self, alert: Alert) -> tuple[Outcome, Screen | None]:
        """Send the alert; return what became of it, and what was shown."""
        try:
            screen = await self._house.database.read(lambda store: self._screen(store, alert))
            if screen is None:
                return Sent(()), None
            return await self._send(alert, screen), screen
        except Exception as error:  # noqa: BLE001 - one alert's mistake must not stall the others
            log.error("an alert cannot be shown", alert=alert.id, error=type(error).__name__)
            hopeless = alert.attempts >= RENDER_TRIES
            return (Rejected("cannot be shown") if hopeless else RetryAt()), None

    async def _send(self, alert: Alert, screen: Screen) -> Outcome:
        sent: list[int] = []
        try:
            place = alert.chat_id, screen, sent, alert.thread_id
            await telegram_out.send(self._bot, *place)
        except TelegramError as error:
            outcome = outcome_of(error)
            if sent and isinstance(outcome, RetryAt):
                return replace(outcome, doubtful=True)  # its first part has arrived
            return outcome
        return Sent(tuple(sent))

    def _screen(self, store: Store, alert: Alert) -> Screen | None:
        screen = self._render(store, alert)
        if screen is None or not alert.doubtful:
            return screen
        account = store.accounts.get(alert.account_id)
        t = translator((account.lang if account else None) or self._house.default_lang)
        return screen.under(t("Possibly repeated · alert {n}", n=alert.id))

    def _settle(self, store: Store, alert: Alert, outcome: Outcome, about: CardRef | None) -> None:
        alert_id = key(alert)
        match outcome:
            case Sent(message_ids):
                store.alerts.settle(alert_id, "sent")
                if about is not None:
                    self._remember(store, alert.chat_id, about, message_ids)
            case RetryAt() | Unknown():
                self._again(store, alert, outcome)
            case Moved(new_chat_id):
                store.alerts.postpone(alert_id, store.now, doubtful=False)
                follow(store, alert.chat_id, new_chat_id)
            case Unreachable(topic):
                lost(store, alert, topic=topic)
            case Rejected():
                store.alerts.settle(alert_id, "rejected")

    def _again(self, store: Store, alert: Alert, outcome: RetryAt | Unknown) -> None:
        match outcome:
            case Unknown():
                over, doubtful, pause = alert.doubtful, True, self._pace.doubt
            case RetryAt(seconds, doubtful):
                over = doubtful and alert.attempts >= DOUBTFUL_TRIES
                pause = self._pause(alert) if seconds is None else timedelta(seconds=seconds)
        if over:
            store.alerts.settle(key(alert), "unknown")
        else:
            store.alerts.postpone(key(alert), store.now + pause, doubtful=doubtful)

    def _remember(
        self, store: Store, chat_id: int, about: CardRef, messages: tuple[int, ...]
    ) -> None:
        for message_id in messages:
            store.chats.remember(
                Card(
                    bot_id=self._house.bot_id,
                    chat_id=chat_id,
                    message_id=message_id,
                    kind=about.kind,
                    ref_id=about.ref_id,
                    shop_id=about.shop_id,
                    shown_at=store.now,
                )
            )

    def _pause(self, alert: Alert) -> timedelta:
        doublings = min(max(alert.attempts - 1, 0), 12)
        pause: timedelta = self._pace.retry * 2**doublings
        return min(pause, LONGEST_PAUSE)


def _tell(alert: Alert, outcome: Outcome) -> None:
    """Log what became of an alert: ids and the outcome, nothing of its text."""
    facts = {"alert": alert.id, "about": alert.event, "attempts": alert.attempts}
    match outcome:
        case Sent():
            log.info("an alert was sent", **facts)
        case Rejected(reason):
            log.error("an alert was rejected", reason=reason, **facts)
        case _:
            log.warning("an alert was not sent", outcome=type(outcome).__name__, **facts)
