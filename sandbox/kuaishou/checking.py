"""What the platform checks before it takes a parcel's number, whoever tells it.

Each refusal is 11 with the sentence of the platform's published list that says which.
"""

from sandbox.gateway import Asking
from sandbox.kuaishou import refusals as refuse
from sandbox.kuaishou.calling import DAY
from sandbox.kuaishou.words import CARRIERS, fits
from sandbox.orders import Unit

LONGEST_BETWEEN = 30 * DAY


def check_number(asking: Asking, unit: Unit, company: str, number: str) -> None:
    """Everything the wire page says the platform refuses at shipping."""
    if company not in CARRIERS:
        raise refuse.shipping("快递公司不存在")
    if not fits(company, number):
        raise refuse.shipping("运单号和物流公司不匹配")
    database = asking.world.database
    drawn = database.rows("SELECT number FROM waybills WHERE unit = ? AND NOT cancelled", unit.id)
    if drawn and number not in {row["number"] for row in drawn}:
        raise refuse.shipping("回传运单号与电子面单不一致")
    picked = database.row("SELECT at FROM pickups WHERE number = ?", number)
    if picked and picked["at"] < unit.order.paid:
        raise refuse.shipping("运单揽收时间早于支付时间")
    for used in database.rows(
        "SELECT o.shop, o.receiver, p.at FROM parcels p JOIN orders o ON o.id = p.order_id "
        "WHERE p.number = ? AND o.platform = 'kuaishou' AND o.id <> ?",
        number,
        unit.order_id,
    ):
        if used["shop"] != unit.merchant:
            raise refuse.shipping("运单号已被其他商家使用")
        if used["receiver"] != unit.order.receiver:
            raise refuse.shipping("同一个运单号对应收件地址超过1个")
        if asking.world.ms() - used["at"] > LONGEST_BETWEEN:
            raise refuse.shipping("运单发货间隔超过30天")
