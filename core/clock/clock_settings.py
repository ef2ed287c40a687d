"""设置: when a shop is reminded, when it is told that the others are slow, when a chat is quiet."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from core.acting import Acting, acting, owning
from core.clock.quiet import DAY, read_quiet
from core.clock.watching import (
    REMINDER_CHOICES,
    SILENT_HOURS,
    UNSEEN_MINUTES,
    next_reminder,
    reminders_of,
)
from core.entities import Shop
from core.errors import Invalid
from core.ids import key
from core.ports import Store
from core.values import Actor

SILENT_CHOICES: Final = (0, 2, 6, 12, 24)
UNSEEN_CHOICES: Final = (15, 30, 60, 120)
SET_ANEW: Final = 5_000  # open orders whose reminder follows at once, the nearest ones
AHEAD: Final = timedelta(days=60)


class SettingUnknown(Invalid):
    """A choice that is not offered: of an earlier version, or of another chat."""


@dataclass(frozen=True, slots=True)
class ClockSettings:
    """How a shop and a chat have it. `quiet` in minutes of the day; `here`: may be set
    here; `private`: where a typed answer is heard.
    """

    shop: Shop
    mine: bool
    reminders: tuple[int, ...]
    silent_hours: int
    unseen_minutes: int
    quiet: tuple[int, int] | None
    here: bool
    private: bool


class ClockSetting:
    """Use cases of the settings screen."""

    def view(self, store: Store, actor: Actor, chat_id: int) -> ClockSettings:
        """Return the settings of the shop and of this chat."""
        shop = acting(store, actor).shop
        quiet = store.clock.quiet_of(chat_id)
        return ClockSettings(
            shop=shop,
            mine=store.shops.rank_of(actor.shop_id, actor.account_id) == "owner",
            reminders=reminders_of(shop),
            silent_hours=SILENT_HOURS if shop.silent_hours is None else shop.silent_hours,
            unseen_minutes=UNSEEN_MINUTES if shop.unseen_minutes is None else shop.unseen_minutes,
            quiet=(quiet.starts, quiet.ends) if quiet is not None else None,
            here=_told_here(shop, chat_id),
            private=chat_id > 0,
        )

    def set_reminder(self, store: Store, actor: Actor, hours: int, *, on: bool) -> None:
        """Remind the shop so many hours before, or no longer; what a factory has follows.

        Raises `OwnerOnly`, `SettingUnknown`.
        """
        shop = owning(store, actor).shop
        if hours not in REMINDER_CHOICES:
            raise SettingUnknown
        others = set(reminders_of(shop)) - {hours}
        shop.reminders = sorted(others | {hours} if on else others, reverse=True)
        store.record(actor, "reminders_set", hours=shop.reminders)
        if shop.role == "merchant":
            return  # of what nobody has yet: the clock looks at these hours each time
        rows = store.clock.nearest(key(shop), store.now + AHEAD, SET_ANEW)
        store.clock.set_reminders(
            [
                (row.id, next_reminder(row.sort_at, shop.reminders, store.now))
                for row in rows
                if row.status != "held" and row.sort_at > store.now
            ]
        )

    def set_silent(self, store: Store, actor: Actor, hours: int) -> None:
        """Tell the merchant after so many hours; 0: never. For what is assigned from now on.

        Raises `OwnerOnly`, `SettingUnknown`.
        """
        shop = _owned(store, actor, "merchant").shop
        if hours not in SILENT_CHOICES:
            raise SettingUnknown
        shop.silent_hours = hours
        store.record(actor, "silent_hours_set", hours=hours)

    def set_unseen(self, store: Store, actor: Actor, minutes: int) -> None:
        """Tell a change again after so many minutes. Raises `OwnerOnly`, `SettingUnknown`."""
        shop = _owned(store, actor, "merchant").shop
        if minutes not in UNSEEN_CHOICES:
            raise SettingUnknown
        shop.unseen_minutes = minutes
        store.record(actor, "unseen_minutes_set", minutes=minutes)

    def set_quiet(self, store: Store, actor: Actor, chat_id: int, span: tuple[int, int]) -> None:
        """Leave this chat alone between two minutes of the day; none when both are the same.

        A group's belongs to the shop whose alerts go there. Raises `SettingUnknown`.
        """
        shop = acting(store, actor).shop
        if not _told_here(shop, chat_id) or not all(0 <= one < DAY for one in span):
            raise SettingUnknown
        store.clock.set_quiet(chat_id, span if span[0] != span[1] else None)
        store.record(actor, "quiet_hours_set", chat=chat_id, span=list(span))

    def type_quiet(self, store: Store, actor: Actor, chat_id: int, text: str) -> None:
        """Take quiet hours as they were typed. Raises `QuietUnclear`, and as `set_quiet`."""
        self.set_quiet(store, actor, chat_id, read_quiet(text))


def _owned(store: Store, actor: Actor, role: str) -> Acting:
    proved = owning(store, actor)
    if proved.shop.role != role:
        raise SettingUnknown
    return proved


def _told_here(shop: Shop, chat_id: int) -> bool:
    """Return whether the chat is a person's own, or the group to which the shop's alerts go."""
    return chat_id > 0 or shop.alert_chat_id == chat_id
