"""iop.roleGet and the two lists of bindings: who a shop is, and whom it is bound to."""

import json
from typing import Any

from pydantic import Field

from sandbox.doudian.calling import Done, Page, Size, factory_only, merchant_only
from sandbox.doudian.listing import Nothing
from sandbox.doudian.words import FACTORY, MERCHANT
from sandbox.gateway import Asking, Strict


class Bindings(Strict):
    page: Page
    page_size: Size
    bind_status: list[int] = Field(default_factory=list)


def role_get(asking: Asking, asked: Nothing) -> Any:  # noqa: ARG001
    return {"role_type": MERCHANT if asking.shop.role == "merchant" else FACTORY}


def suppliers(asking: Asking, asked: Bindings) -> Any:
    merchant_only(asking)
    listed, total = _bindings(asking, asked)
    return {
        "supplier_shop_list": [
            {"supplier_shop_id": shop, "supplier_shop_name": name, **times}
            for shop, _, name, times in listed
        ],
        "page": asked.page,
        "page_size": asked.page_size,
        "total": total,
    }


def sellers(asking: Asking, asked: Bindings) -> Any:
    """Merchants by their masks: a factory does not learn their shops' ids."""
    factory_only(asking)
    listed, total = _bindings(asking, asked)
    return {
        "seller_shop_list": [
            {"seller_shop_id": mask, "seller_shop_name": name, **times}
            for _, mask, name, times in listed
        ],
        "page": asked.page,
        "page_size": asked.page_size,
        "total": total,
    }


_FROM = """
FROM bindings b JOIN shops s ON s.id IN (b.merchant, b.factory) AND s.id <> ?1
WHERE ?1 IN (b.merchant, b.factory) AND b.status IN (SELECT value FROM json_each(?2))
"""


def _bindings(
    asking: Asking, asked: Bindings
) -> tuple[list[tuple[int, int, str, dict[str, int]]], int]:
    """Latest applications first: `(shop, mask, name, state and times)`, and how many there are."""
    wanted = json.dumps(asked.bind_status or [0, 1, 2, 3, 4, 5])
    database = asking.world.database
    total = database.row(f"SELECT count(*) {_FROM}", asking.shop.id, wanted)
    rows = database.rows(
        f"SELECT b.*, s.id AS shop, s.mask, s.name {_FROM} "
        "ORDER BY b.applied DESC, s.id LIMIT ?3 OFFSET ?4",
        asking.shop.id,
        wanted,
        asked.page_size,
        asked.page * asked.page_size,
    )
    listed = [
        (
            row["shop"],
            row["mask"],
            row["name"],
            {
                "bind_status": row["status"],
                "apply_time": row["applied"] // 1000,
                "band_time": row["bound"] // 1000,  # so spelled by the platform
                "refuse_time": row["refused"] // 1000,
            },
        )
        for row in rows
    ]
    return listed, total[0] if total else 0


CALLS = {
    "iop.roleGet": Done(Nothing, role_get),
    "iop.sellerSupplierList": Done(Bindings, suppliers),
    "iop.getSellerList": Done(Bindings, sellers),
}
