"""Words for 平台: why nothing comes in, why a parcel was refused, what can go wrong in chat."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.screens.short import cut
from bot.texts import Html, Translator
from core.entities import PlatformCall
from core.errors import CoreError, DecryptQuotaSpent, RecipientConcealed
from core.platforms import platform_errors as wrong
from core.platforms.linking import LinkView

NAME, PARTNERS = 20, 10  # characters of a partner's name, partners that are named


def platform_why(t: Translator, why: str) -> Html:
    """Say why a platform did not answer, or refused."""
    known = {
        "unreachable": t("the platform cannot be reached"),
        "busy": t("the platform is out of order for the moment"),
        "throttled": t("the platform asks us to be slower"),
        "unsure": t("the platform's answer broke off; I look before I send it again"),
        "garbled": t("the platform answered something unreadable"),
        "bad_signature": t("the server's secret is wrong: tell the operator"),
        "bad_call": t("the platform does not take the call: tell the operator"),
        "no_grant": t("the platform does not let me in: authorise it again"),
        "grant_ended": t("the authorisation has ended: authorise it again"),
        "no_member": t("whoever connected it is no longer in the shop: connect it again"),
        "unknown_order": t("the platform does not know the order"),
        "state_forbids": t("the order is closed or shipped there already"),
        "refund_open": t("a refund is open there: agree to it or refuse it on the platform first"),
        "no_ship_from": t("the shop has no ship-from address on the platform"),
        "pieces_differ": t("the pieces differ from what is left to ship there"),
        "carrier_unknown": t("the platform does not know this carrier"),
        "number_misfits": t("the number does not fit the carrier: have the factory correct it"),
        "number_used": t("the number is used by another recipient's order there"),
        "number_elsewhere": t("another merchant's order there has this number"),
        "number_early": t("the parcel was on its way before the order was paid"),
        "number_old": t("the number was first used more than 30 days ago"),
        "ticket_differs": t("another e-waybill was drawn for the order there: use its number"),
        "ticket_address": t("the address was changed after the e-waybill was drawn: draw another"),
        "not_here": t("it can only be put right on the platform's own page"),
        "not_bound": t("the factory is not bound on the platform"),
        "given_elsewhere": t("another factory has it on the platform"),
        "not_seen_there": t("the platform does not show it for assigning yet"),
        "factory_away": t("the factory's shop there is no longer linked"),
        "taken_back": t("it was taken back there"),
        "order_in_part": t("the factory has a part of the order: the platform gives it only whole"),
        "line_in_part": t("a product left in several parcels: the platform takes it only whole"),
    }
    return known.get(why, t("the platform refused it"))


def partner_lines(t: Translator, view: LinkView) -> list[Html]:
    """Say who is bound to the shop on the platform, and what that brings."""
    if view.link.partners_at is None and not view.partners:
        return []
    if view.link.role == "factory":
        if not view.partners:
            return [t("No merchant is bound to you there yet: it is done on the platform.")]
        names = _names(t, [one.name for one, _ in view.partners])
        return [t("🤝 Bound to you there: {names}", names=names)]
    here = [one.name for one, linked in view.partners if linked]
    absent = [one.name for one, linked in view.partners if not linked]
    lines = []
    if here:
        lines.append(t("🤝 Assigned on the platform too, as soon as you assign here: {names}",
                       names=_names(t, here)))  # fmt: skip
    if absent:
        lines.append(t("🤝 Bound to you there, but not linked here, so you ship for them: {names}",
                       names=_names(t, absent)))  # fmt: skip
    return lines


def _names(t: Translator, names: Sequence[str]) -> str:
    """The first of them; the others are counted."""
    some = t.plain(", ").join(cut(one, NAME) for one in names[:PARTNERS])
    more = len(names) - PARTNERS
    return t.plain("{names} and {n} more", names=some, n=more) if more > 0 else some


def told_lines(t: Translator, calls: Sequence[PlatformCall]) -> list[Html]:
    """Say whether the platform knows a parcel, as it stands after the last call about it."""
    if not calls:
        return []
    last = calls[-1]
    if last.state == "given_up":
        return [t("   ❌ not told to the platform: {why}", why=platform_why(t, last.why))]
    if last.state == "owed":
        return [t("   ⏳ being told to the platform")]
    return [t("   ✅ told to the platform")]


PLATFORM_WORDS: dict[type[CoreError], Callable[[Translator, Any], Html]] = {
    DecryptQuotaSpent: lambda t, _: t(
        "The platform opens no more recipients of this shop today. Tomorrow it does; the merchant "
        "can send the address from the platform's own page."
    ),
    RecipientConcealed: lambda t, _: t(
        "The platform encrypted this recipient and did not open it now. Try again later, or ask "
        "the merchant to send the address from the platform's own page."
    ),
    wrong.SellingShopGone: lambda t, _: t(
        "The merchant's shop there is disconnected, so this recipient cannot be opened here. The "
        "merchant links it again with /platform, or copies the address from the platform's page."
    ),
    wrong.LinkNotFound: lambda t, _: t("This platform shop was disconnected. /platform shows those "
                                       "there are."),
    wrong.PlatformAbsent: lambda t, _: t("This platform is not set up on the server: tell the "
                                         "operator."),
    wrong.AuthorisationUnknown: lambda t, _: t("This authorisation is used or too old. Begin again "
                                               "with /platform."),
    wrong.OutsideShopTaken: lambda t, e: t(
        "{name} is linked to another shop here. Disconnect it there first.", name=e.name
    ),
    wrong.OutsideRoleDiffers: lambda t, e: t(
        "{name} has another part in the platform's own dropship programme. A merchant links the "
        "shop it sells with, a factory the one that is a factory there.", name=e.name
    ),
    wrong.CallNotFound: lambda t, _: t("This parcel is not waiting any more."),
}  # fmt: skip
