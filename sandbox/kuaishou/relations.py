"""Who a shop is and whom it works with: role.query, relation.list, apply and unbind in batches.

No public document names the fields of an answer: that a relation names both its sides is a guess.
"""

from typing import Any

from pydantic import Field

from sandbox import units
from sandbox.gateway import Asking, Strict
from sandbox.kuaishou import refusals as refuse
from sandbox.kuaishou.calling import Done, Text, by_code, merchant_only
from sandbox.kuaishou.words import FACTORY, MERCHANT, RELATION_STATUS


class Nothing(Strict):
    pass


class RelationList(Strict):
    factoryCode: str | None = None  # noqa: N815  so named by the platform
    beginApplyTime: int | None = None  # noqa: N815
    endApplyTime: int | None = None  # noqa: N815
    pageIndex: int = Field(default=1, ge=1)  # noqa: N815
    pageSize: int = Field(default=20, ge=1, le=100)  # noqa: N815


class Applied(Strict):
    requestId: Text  # noqa: N815
    factoryCode: Text  # noqa: N815
    applyContent: str = ""  # noqa: N815


class Apply(Strict):
    applyRequestList: list[Applied] = Field(min_length=1, max_length=100)  # noqa: N815


class Unbound(Strict):
    requestId: Text  # noqa: N815
    factoryCode: Text  # noqa: N815


class Unbind(Strict):
    unbindRequestList: list[Unbound] = Field(min_length=1, max_length=100)  # noqa: N815


def role(asking: Asking, asked: Nothing) -> Any:  # noqa: ARG001
    return {"roleType": MERCHANT if asking.shop.role == "merchant" else FACTORY}


def relations(asking: Asking, asked: RelationList) -> Any:
    """A merchant's factories, or a factory's merchants; each row names both sides."""
    own = asking.shop
    rows = asking.world.database.rows(
        "SELECT b.*, s.mask, s.name FROM bindings b "
        "JOIN shops s ON s.id IN (b.merchant, b.factory) AND s.id <> ?1 "
        "WHERE ?1 IN (b.merchant, b.factory) AND (?2 IS NULL OR s.mask = CAST(?2 AS INTEGER)) "
        "AND b.applied BETWEEN ?3 AND ?4 ORDER BY b.applied DESC, s.id",
        own.id,
        asked.factoryCode,
        asked.beginApplyTime or 0,
        asked.endApplyTime or 2**62,
    )
    theirs, ours = ("factory", "user") if own.role == "merchant" else ("user", "factory")
    start = (asked.pageIndex - 1) * asked.pageSize
    return {
        "total": len(rows),
        "relationList": [
            {
                f"{theirs}Code": str(row["mask"]),
                f"{theirs}Name": row["name"],
                f"{ours}Code": str(own.mask),
                f"{ours}Name": own.name,
                "relationStatus": RELATION_STATUS[row["status"]],
                "applyTime": row["applied"],
                "bindTime": row["bound"],
            }
            for row in rows[start : start + asked.pageSize]
        ],
    }


def apply(asking: Asking, asked: Apply) -> Any:
    """A request that stands already, or a binding, is refused for itself."""
    merchant_only(asking)
    return [_applied(asking, one) for one in asked.applyRequestList]


def _applied(asking: Asking, one: Applied) -> dict[str, Any]:
    try:
        factory = by_code(asking, one.factoryCode)
    except refuse.Refused as refused:
        return _result(one.requestId, one.factoryCode, refused.said)
    status = _status(asking, factory.id)
    if factory.role != "factory" or status in (units.PENDING, units.BOUND, units.UNBINDING):
        return _result(one.requestId, one.factoryCode, "当前关系不允许申请")
    units.set_binding(asking.world, asking.shop.id, factory.id, units.PENDING)
    return _result(one.requestId, one.factoryCode, "")


def unbind(asking: Asking, asked: Unbind) -> Any:
    merchant_only(asking)
    results = []
    for one in asked.unbindRequestList:
        said = ""
        try:
            factory = by_code(asking, one.factoryCode)
            if _status(asking, factory.id) != units.BOUND:
                raise refuse.business("当前关系不允许解绑")
            units.set_binding(asking.world, asking.shop.id, factory.id, units.UNBOUND)
        except refuse.Refused as refused:
            said = refused.said
        results.append(_result(one.requestId, one.factoryCode, said))
    return results


def _status(asking: Asking, factory: int) -> int:
    row = asking.world.database.row(
        "SELECT status FROM bindings WHERE merchant = ? AND factory = ?", asking.shop.id, factory
    )
    return row[0] if row else 0


def _result(request: str, code: str, said: str) -> dict[str, Any]:
    return {"requestId": request, "factoryCode": code, "success": not said, "errorMsg": said}


_RELATION = "open.dropshipping.relation"
CALLS = {
    "open.dropshipping.role.query": Done(Nothing, role),
    f"{_RELATION}.list": Done(RelationList, relations),
    f"{_RELATION}.merchant.batch.apply": Done(Apply, apply),
    f"{_RELATION}.merchant.batch.unbind": Done(Unbind, unbind),
}
