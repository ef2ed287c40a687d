"""Buttons a crawl does not come across: they stand under files, photos, doubts and other groups."""

from collections.abc import Iterator

from aiogram.filters.callback_data import CallbackData

from bot.keyboards import data as d
from tests.torture.manor import Manor

_DRAFTS = {
    "import": "SELECT max(id) FROM import_draft WHERE state = 'open'",
    "imported": "SELECT max(id) FROM import_draft WHERE state = 'confirmed' AND shop_id = :shop",
    "paste": "SELECT max(id) FROM paste_draft WHERE source = 'paste'",
    "photo": "SELECT max(id) FROM paste_draft WHERE source = 'photo'",
    "ship": "SELECT max(id) FROM ship_draft WHERE state = 'open' AND shop_id = :shop",
    "batch": "SELECT max(id) FROM assign_draft WHERE given >= 6 AND factory_id = :shop",
    "frozen": "SELECT max(id) FROM assign_draft WHERE state = 'frozen'",
    "asked": "SELECT max(draft_id) FROM assignment "
    "WHERE status = 'accepted' AND factory_id = :shop",
    "sent": "SELECT max(id) FROM shipment",
    "ticket": "SELECT max(assignment_id) FROM ticket",
    "hook": "SELECT max(id) FROM webhook WHERE shop_id = :shop",
    "stopped": "SELECT max(id) FROM orders WHERE after_sale = 'open'",
    "binding": "SELECT max(id) FROM binding WHERE factory_id = :shop",
    "open": "SELECT max(id) FROM assignment WHERE status = 'assigned' AND factory_id = :shop",
}


async def of_the_merchant(manor: Manor) -> list[str]:
    """Return what 小满优选 would see under its files and batches."""
    shop = manor.merchant.shop_id
    found = await _ids(manor, shop, batch_of=manor.factory.shop_id)
    return [one.pack() for one in _merchants(shop, found)]


async def of_the_factory(manor: Manor) -> list[str]:
    """Return what 敏行百货厂 would see under its pastes, photos and replies."""
    shop = manor.factory.shop_id
    found = await _ids(manor, shop, batch_of=shop)
    return [one.pack() for one in _factorys(shop, found)]


async def _ids(manor: Manor, shop: int, batch_of: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, question in _DRAFTS.items():
        of = batch_of if name in {"batch", "asked"} else shop
        [one] = await manor.ids(question, **({"shop": of} if ":shop" in question else {}))
        found[name] = one or 0
    return found


def _merchants(shop: int, of: dict[str, int]) -> Iterator[CallbackData]:
    for answer in ("confirm", "drop", "delete", "view"):
        yield d.AnswerImport(shop=shop, draft=of["import"], answer=answer)
    yield d.ShowLeftOut(shop=shop, draft=of["import"])
    yield d.GetRefused(shop=shop, draft=of["import"])
    yield d.UndoImport(shop=shop, draft=of["imported"])
    yield d.UndoImport(shop=shop, draft=of["imported"], sure=1)
    yield d.SkippedFile(shop=shop, draft=of["frozen"])
    yield d.AskBatchBack(shop=shop, draft=of["asked"])
    yield d.UnaskBatch(shop=shop, draft=of["asked"])
    yield d.BindAs(shop=shop)
    yield d.LetGo(shop=shop, order=of["stopped"])
    yield d.LetGo(shop=shop, order=of["stopped"], sure=1)
    yield d.AdoptRecipient(shop=shop, order=of["stopped"])
    yield from _eithers(shop, of)


def _factorys(shop: int, of: dict[str, int]) -> Iterator[CallbackData]:
    for say in ("carrier", "carriers", "order", "sure", "fix", "split", "pass"):
        yield d.AnswerPaste(shop=shop, draft=of["paste"], line=0, say=say, choice="zto")
    yield d.ShowPaste(shop=shop, draft=of["paste"])
    yield d.PasteLeft(shop=shop, draft=of["paste"])
    for answer in ("confirm", "left", "drop"):
        yield d.AnswerPhotos(shop=shop, draft=of["photo"], answer=answer)
    yield d.PickNumber(shop=shop, draft=of["photo"], photo=0, index=0)
    yield d.ChooseCarrier(shop=shop, draft=of["ship"], index=0, carrier="zto")
    yield d.ChooseCarrier(shop=shop, draft=of["ship"], index=0, carrier="all")
    yield d.InsistNumber(shop=shop, draft=of["ship"], index=0)
    yield d.SplitPieces(shop=shop, draft=of["ship"], how="even")
    yield d.TakeNumber(shop=shop, draft=of["ship"])
    yield d.LeftBefore(shop=shop, draft=of["ship"])
    yield d.DropShip(shop=shop, draft=of["ship"])
    yield d.Combine(shop=shop, shipment=of["sent"], mark=1)
    for answer in ("confirm", "refuse"):
        yield d.AnswerBinding(shop=shop, binding=of["binding"], answer=answer)
    yield d.CancelTicket(shop=shop, assignment=of["ticket"])
    yield d.CancelTicket(shop=shop, assignment=of["ticket"], sure=1)
    for which in ("batch", "ticked", "open", "one"):
        ref = {"batch": of["batch"], "one": of["open"]}.get(which, 0)
        yield d.DrawTickets(shop=shop, of=which, ref=ref, carrier="yto")
        yield d.SendPrinted(shop=shop, of=which, ref=ref, sure=1)
    yield from _eithers(shop, of)


def _eithers(shop: int, of: dict[str, int]) -> Iterator[CallbackData]:
    yield d.TryWebhook(shop=shop, hook=of["hook"])
    yield d.AlertsHere(shop=shop)
    yield d.LeaveShop(shop=shop)
    yield d.LeaveShop(shop=shop, sure=1)
    yield d.KeepShipFrom(shop=shop)
    yield d.AskAgain(shop=shop)
