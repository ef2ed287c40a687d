"""Printing in chat: what a slip and a pick list say, what was made, and what was left out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.printing.papers import Block, PickPaper, Printed, Routing, SlipPaper
from bot.screens.screen import Attachment, Button, Lines, Row, Screen
from bot.screens.short import listed
from bot.screens.ticket_buttons import draw_button, send_button
from bot.screens.words import CHINA, carrier_name, platform_name, skip_words, when
from bot.texts import Html, Translator
from core.entities import Job, Ticket
from core.errors import NothingToPrint
from core.orders.looking import LeftOut
from core.shipments.printing import Pick, PickList, Slip, Slips
from core.text.tags import slip_code
from core.tickets.labelling import NO_TICKET
from core.values import Recipient

NAMED = 12  # tags named in a line
ODD = 30  # characters named that no font has
TAGS = 40  # of a product on the pick list


def layout_words(t: Translator) -> Mapping[str, str]:
    """Return the words that only the drawing can fill in."""
    return {
        "more": t.plain("… and more products on the next page: {n}", n="{n}"),
        "cut": t.plain("… and more lines, see the order in chat: {n}", n="{n}"),
    }


def slip_paper(t: Translator, slip: Slip) -> SlipPaper:
    """Return what stands on a packing slip."""
    row = slip.row
    blocks = _to(t, slip.recipient)
    if slip.sender is not None:
        sender = slip.sender
        blocks.append(
            Block("sender", t.plain("From {contact} {phone} {address}", contact=sender.contact,
                                    phone=sender.phone, address=sender.address))
        )  # fmt: skip
    if row.buyer_note:
        blocks.append(Block("note", t.plain("Buyer's note: {note}", note=row.buyer_note)))
    if row.seller_note:
        blocks.append(Block("note", t.plain("Seller's note: {note}", note=row.seller_note)))
    for line in slip.lines:
        blocks.append(
            Block("product", t.plain("{product} × {n}", product=line.product, n=line.quantity))
        )
        if line.spec or line.code:
            blocks.append(Block("detail", " · ".join(filter(None, (line.spec, line.code)))))
    corner = [t.plain("{platform} · {merchant}", platform=platform_name(t, row.platform),
                      merchant=row.merchant_name)]  # fmt: skip
    if row.ship_by is not None:
        corner.append(t.plain("Ship by: {time}", time=when(t, row.ship_by)))
    if row.extra:
        corner.append(_extra(t, row.extra))
    pieces = sum(line.quantity for line in slip.lines)
    total = t.plain("Pieces in all: {n}", n=pieces)
    if slip.ticket is None:
        return SlipPaper(row.tag, slip_code(row.tag, row.order_no), corner, blocks, total)
    routing = _routing(t, slip.ticket)
    return SlipPaper(row.tag, slip.ticket.number, corner, blocks, total, routing)


def _to(t: Translator, recipient: Recipient | None) -> list[Block]:
    """Whom it is for; an e-waybill's carrier knows that by its number, and nobody else does."""
    if recipient is None:
        return [Block("sealed", t.plain("Recipient encrypted by the platform: delivered by this "
                                        "number"))]  # fmt: skip
    return [
        Block("name", t.plain("To {name} {phone}", name=recipient.name, phone=recipient.phone)),
        Block("address", recipient.address),
    ]


def _routing(t: Translator, ticket: Ticket) -> Routing:
    places = [
        t.plain("To {place}", place=ticket.destination) if ticket.destination else "",
        t.plain("Via {place}", place=ticket.package) if ticket.package else "",
    ]
    return Routing(
        carrier_name(t, ticket.carrier), ticket.sort_code, "  ".join(filter(None, places))
    )


def _extra(t: Translator, extra: str) -> str:
    return {
        "gift": t.plain("Gift"), "resend": t.plain("Resend"), "exchange": t.plain("Exchange")
    }[extra]  # fmt: skip


def pick_paper(t: Translator, made: PickList, now: datetime) -> PickPaper:
    """Return what stands on a pick list."""
    about = [
        t.plain("Orders: {orders} · pieces: {pieces} · {time}", orders=made.orders,
                pieces=made.pieces, time=when(t, now))
    ]  # fmt: skip
    if made.left_out:
        about.append(t.plain("Not on it: {what}", what="; ".join(_reasons(t, made.left_out))))
    head = [t.plain("Product"), t.plain("Code"), t.plain("Pieces"), t.plain("Orders"),
            t.plain("Tag")]  # fmt: skip
    return PickPaper(t.plain("Pick list"), about, head, [_pick_row(t, one) for one in made.picks])


def _pick_row(t: Translator, one: Pick) -> list[str]:
    tags = " ".join(one.tags[:TAGS])
    if len(one.tags) > TAGS:
        tags = t.plain("{tags} … {n} orders in all", tags=tags, n=len(one.tags))
    product = f"{one.product}\n{one.spec}" if one.spec else one.product
    return [product, one.code, str(one.pieces), str(len(one.tags)), tags]


def making_slips(t: Translator, n: int, *, private: bool) -> Screen:
    """Show that slips are being made, and where they will come."""
    if private:
        text = t.n("🖨 Making {n} packing slip …", "🖨 Making {n} packing slips …", n)
    else:
        text = t.n("🖨 Making {n} packing slip; it comes to your private chat …",
                   "🖨 Making {n} packing slips; they come to your private chat …", n)  # fmt: skip
    return Screen(text)


def making_pick(t: Translator) -> Screen:
    """Show that a pick list is being made."""
    return Screen(t("🖨 Making the pick list …"))


def slips_placeholder(t: Translator) -> Screen:
    """Hold the slips' place until the looks are recorded: should all stop here, this stays."""
    return Screen(t("⏳ The packing slips come here in a moment … If they do not, press 🖨 again."))


def slips_file(
    t: Translator, made: Slips, printed: Printed, length: timedelta, now: datetime
) -> Screen:
    """Return the file with its caption: how many, how long it stays, what does not print."""
    n = len(made.slips)
    text = Lines([t.n("🖨 {n} packing slip", "🖨 {n} packing slips", n)])
    if printed.pages > n:
        text.add(t("Pages: {n}; some orders need more than one.", n=printed.pages))
    minutes = max(1, round(length.total_seconds() / 60))
    if any(one.recipient is not None for one in made.slips):
        text.add(
            t.n("Print it now: it vanishes in {n} minute. Each look is recorded.",
                "Print it now: it vanishes in {n} minutes. Each look is recorded.", minutes)
        )  # fmt: skip
    else:
        text.add(
            t.n("No recipient stands on it. It vanishes in {n} minute; print it again any time.",
                "No recipient stands on it. It vanishes in {n} minutes; print it again any time.",
                minutes)
        )  # fmt: skip
    text.add(*_odd_letters(t, made, printed))
    stamp = now.astimezone(CHINA).strftime("%m%d-%H%M")
    name = t.plain("slips_{time}_{n}.pdf", time=stamp, n=n)
    return Screen(text.text(), attachment=Attachment(name, printed.pdf))


def _odd_letters(t: Translator, made: Slips, printed: Printed) -> list[str]:
    """Warn of slips with characters that no font here has."""
    if not printed.missing:
        return []
    letters = "".join(dict.fromkeys("".join(printed.missing.values())))
    tags = [made.slips[number].row.tag for number in sorted(printed.missing)]
    n = len(tags)
    return [
        t.n("⚠️ {n} slip has characters that cannot be printed and show as 〓: write them by hand.",
            "⚠️ {n} slips have characters that cannot be printed and show as 〓: write them by "
            "hand.", n),
        t("Characters: {letters}", letters=letters[:ODD]),
        t("Orders: {tags}", tags=listed(t, tags, NAMED)),
    ]  # fmt: skip


def slips_made(
    t: Translator, shop_id: int, made: Slips, next_slips: d.PrintSlips, rest: int
) -> Screen:
    """Say what was printed, what was left out and why, and offer the next ones."""
    again = next_slips.of, next_slips.ref
    n = len(made.slips)
    text = Lines([t.n("✅ {n} packing slip is in your private chat.",
                      "✅ {n} packing slips are in your private chat.", n)])  # fmt: skip
    text.add(*left_out_lines(t, made.left_out))
    looks = any(one.recipient is not None for one in made.slips)
    if looks and made.left_today <= NAMED:
        text.add(t("Recipients left to look at today: {n}", n=max(0, made.left_today)))
    labels = sum(one.ticket is not None for one in made.slips)
    send = (send_button(t, shop_id, *again, labels),) if labels else ()
    rows = (send, draw_row(t, shop_id, *again, made.left_out), _next_row(t, next_slips, rest))
    return Screen(text.text(), (*filter(None, rows), menu_button(t, shop_id)))


def draw_row(t: Translator, shop_id: int, of: str, ref: int, left_out: Sequence[LeftOut]) -> Row:
    """Return the way to e-waybills where something waits for one."""
    n = sum(one.reason == NO_TICKET for one in left_out)
    return (draw_button(t, shop_id, of, ref, n),) if n else ()


def nothing_printed(t: Translator, asked: d.PrintSlips, error: NothingToPrint) -> Screen:
    """Say why nothing was printed, and offer what makes it printable."""
    left_out = [LeftOut(*one) for one in error.left_out]
    rows = (draw_row(t, asked.shop, asked.of, asked.ref, left_out), menu_button(t, asked.shop))
    return Screen(nothing_to_print(t, error.left_out), tuple(filter(None, rows)))


def _next_row(t: Translator, next_slips: d.PrintSlips | None, rest: int) -> Row:
    if next_slips is None or not rest:
        return ()
    return (Button(t("🖨 Next slips ({n} left)", n=rest), next_slips.pack()),)


def place_lost(t: Translator, again: d.PrintSlips, *, outdated: bool) -> Screen:
    """Say that the file was not put in: an order of it changed, or its message was deleted."""
    if outdated:
        text = t("An order on these slips changed or was stopped while they were made, so they "
                 "were taken back. Print them again.")  # fmt: skip
        return Screen(text, ((Button(t("🖨 Print again"), again.pack()),),))
    text = t("The message in your private chat was deleted meanwhile, so the slips were not sent.")
    return Screen(text, ((Button(t("🖨 Print again"), again.pack()),),))


def pick_file(
    t: Translator, shop_id: int, made: PickList, printed: Printed, now: datetime
) -> Screen:
    """Return the pick list with its caption."""
    text = Lines([t("🧺 Pick list · orders: {orders} · pieces: {pieces}", orders=made.orders,
                    pieces=made.pieces)])  # fmt: skip
    text.add(t("It holds no recipients: pass it on as you like."))
    text.add(*left_out_lines(t, made.left_out))
    if made.rest:
        text.add(t("Only the first {n} orders are on it.", n=made.orders))
    if printed.missing:
        letters = "".join(printed.missing.values())
        text.add(t("⚠️ Cannot be printed and show as 〓: {letters}", letters=letters[:ODD]))
    name = t.plain("pick_list_{time}.pdf", time=now.astimezone(CHINA).strftime("%m%d-%H%M"))
    return Screen(text.text(), (menu_button(t, shop_id),), attachment=Attachment(name, printed.pdf))


def left_out_lines(t: Translator, left_out: Sequence[LeftOut]) -> list[str]:
    """Return a line per reason: how many were left out, and their tags."""
    if not left_out:
        return []
    n = len(left_out)
    head = t.n("⚠️ {n} order was left out:", "⚠️ {n} orders were left out:", n)
    return [head, *(t("• {what}", what=one) for one in _reasons(t, left_out))]


def _reasons(t: Translator, left_out: Sequence[LeftOut]) -> list[Html]:
    counted = Counter(one.reason for one in left_out)
    return [
        t("{why}: {n} ({tags})", why=left_out_words(t, why), n=n,
          tags=listed(t, [one.tag for one in left_out if one.reason == why], NAMED))
        for why, n in counted.most_common()
    ]  # fmt: skip


def left_out_words(t: Translator, reason: str) -> Html:
    """Return why an order was not printed (`LeftOut.reason`)."""
    own = {
        "shipped": t("shipped already"),
        "ended": t("not with you any more"),
        "quota": t("today's limit of looks is reached; it begins anew at midnight"),
        "recipient_incomplete": t("recipient incomplete, ask the merchant"),
        "concealed": t(
            "recipient encrypted by the platform: open them one by one, or link your "
            "shop there (/platform) and draw e-waybills"
        ),
        "no_ticket": t("recipient encrypted by the platform: draw the e-waybill first"),
    }
    return own[reason] if reason in own else skip_words(t, reason)


def nothing_to_print(t: Translator, left_out: Sequence[tuple[str, str]]) -> Html:
    """Say why there is nothing to print."""
    if not left_out:
        return t("There is nothing to print: no open order is meant here. See /orders.")
    text = Lines([t("Nothing was printed.")])
    text.add(*left_out_lines(t, [LeftOut(*one) for one in left_out]))
    return Html(text.text())


def open_privately(t: Translator, username: str) -> Screen:
    """Say that the private chat has to be opened once: slips are sent nowhere else."""
    text = t("Packing slips show recipients, so I send them to our private chat only, and you have "
             "not opened it yet. Open it, press Start, then press 🖨 again.")  # fmt: skip
    return Screen(text, ((Button(t("Open our private chat"), url=f"https://t.me/{username}"),),))


def gave_up(t: Translator, job: Job) -> Screen:
    """Say that printing failed on our side, and offer to try again."""
    payload = job.payload
    kind = d.PickList if job.kind == "pick_list" else d.PrintSlips
    again = kind(shop=job.shop_id, of=payload["of"], ref=payload["ref"], after=payload["after"])
    text = t("Printing failed on our side. Nothing was changed: please try again.")
    return Screen(text, ((Button(t("🖨 Print again"), again.pack()),), menu_button(t, job.shop_id)))
