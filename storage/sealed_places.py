"""Every column that is sealed, and what its values are bound to: for sealing them anew.

What is bound where is said by the noun that seals. A test compares this list with the tables, and
another seals every one of them anew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import SQLModel

from core.entities import (
    ImportDraft,
    KeptAnswer,
    OrderQuestion,
    PasteDraft,
    PlatformLink,
    SealedNotes,
    SealedRecipient,
    SealedShipFrom,
    Talk,
    Webhook,
)

Place = tuple[int, str, str]  # tenant, row, field


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A sealed column; `place` says of a row where its value was sealed for."""

    entity: type[SQLModel]
    name: str
    place: Callable[[Any], Place]


def _of(
    entity: type[SQLModel], names: Sequence[str], tenant: str, row: Callable[[Any], str],
    field: Callable[[Any, str], str] = lambda _, name: name,
) -> list[SealedColumn]:  # fmt: skip
    def placed(name: str) -> Callable[[Any], Place]:
        return lambda one: (getattr(one, tenant), row(one), field(one, name))

    return [SealedColumn(entity, name, placed(name)) for name in names]


def _pasted(one: Any) -> str:
    return f"{'photos' if one.source == 'photo' else 'paste'}:{one.id}"


SEALED: Final[Sequence[SealedColumn]] = (
    *_of(SealedRecipient, ("name", "phone", "address"), "merchant_id", lambda one: one.row_key),
    *_of(SealedNotes, ("buyer_note", "seller_note"), "merchant_id", lambda one: one.row_key),
    *_of(OrderQuestion, ("question", "answer"), "from_shop", lambda one: f"question:{one.id}"),
    *_of(SealedShipFrom, ("contact", "phone", "address"), "shop_id", lambda _: "ship_from"),
    *_of(Talk, ("sealed",), "account_id", lambda _: "talk", lambda one, _: one.step),
    *_of(ImportDraft, ("sealed",), "shop_id", lambda one: f"import:{one.id}", lambda *_: "sheet"),
    *_of(PasteDraft, ("sealed",), "shop_id", _pasted,
         lambda one, _: "photos" if one.source == "photo" else "lines"),
    *_of(KeptAnswer, ("sealed",), "shop_id", lambda one: one.given_key, lambda *_: "answer"),
    *_of(PlatformLink, ("sealed_access", "sealed_refresh"), "shop_id", lambda one: str(one.id),
         lambda _, name: name.replace("sealed_", "") + "_token"),
    *_of(Webhook, ("sealed_secret", "sealed_before"), "shop_id", lambda one: one.url,
         lambda *_: "webhook_secret"),
)  # fmt: skip
