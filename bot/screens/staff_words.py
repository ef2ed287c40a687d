"""Words for what can go wrong about a shop's people and the group its alerts go to."""

from collections.abc import Callable
from typing import Any

from bot.screens.staff import orders_open
from bot.texts import Html, Translator
from core.errors import CoreError
from core.people import staff_errors as wrong
from core.people.suspending import PartnerSuspended, ShopSuspended

STAFF_WORDS: dict[type[CoreError], Callable[[Translator, Any], Html]] = {
    ShopSuspended: lambda t, e: t(
        "<b>{shop}</b> is suspended: nothing can be done with it until it goes on, and nothing of "
        "it is lost. {why}",
        shop=e.name,
        why=e.why or t("Ask whoever runs this bot."),
    ),
    PartnerSuspended: lambda t, e: t(
        "<b>{shop}</b> is suspended by whoever runs this bot: until it goes on, no order can be "
        "given to it and no recipient of its orders is shown.",
        shop=e.name,
    ),
    wrong.OwnerOnly: lambda t, _: t("Only the shop's owner can do that. See /staff who it is."),
    wrong.MemberNotFound: lambda t, _: t("They are not among the staff any more. See /staff."),
    wrong.StaffInviteUnknown: lambda t, _: t(
        "This invitation does not work. Ask the shop's owner for a new one."
    ),
    wrong.StaffInviteUsed: lambda t, _: t(
        "This invitation was used already; each is for one person. Ask the shop's owner for a new "
        "one."
    ),
    wrong.StaffInviteExpired: lambda t, _: t(
        "This invitation is older than 24 hours and no longer works. Ask the shop's owner for a "
        "new one."
    ),
    wrong.GuessedTooOften: lambda t, e: t.n(
        "None of the links you opened works. Wait {n} minute, then open the right one; it is not "
        "used up by that.",
        "None of the links you opened works. Wait {n} minutes, then open the right one; it is not "
        "used up by that.",
        e.minutes,
    ),
    wrong.AlreadyMember: lambda t, e: t(
        "You are in <b>{shop}</b> already; /switch switches to it. The invitation stays unused.",
        shop=e.name,
    ),
    wrong.OwnerStays: lambda t, _: t(
        "An owner cannot leave. Hand the shop over in /staff first, or close it in /shop."
    ),
    wrong.OrdersStillOpen: lambda t, e: orders_open(t, e.role, e.n),
    wrong.NotAGroup: lambda t, _: t(
        "That is for groups: add me to your group and send /here there. Here in private alerts "
        "come anyway."
    ),
}
