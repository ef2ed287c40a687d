"""order.batchDecrypt: a merchant sees one field, out of the shop's quota of the day.

At most 50 at a time, `err_no` for each; data types as on the wire page. The number of each error
is the sandbox's own. A virtual number is given as `A-B`, and for a while only.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import Field

from sandbox import orders, sealing
from sandbox.doudian.calling import Done, Line, merchant_only
from sandbox.gateway import Asking, Strict
from sandbox.orders import Order

QUOTA_GONE, NOT_OURS, NOT_OPENED = 300010, 300004, 300003
VIRTUAL_LASTS = 7 * 86_400
_CHINA = timedelta(hours=8)


class Cipher(Strict):
    auth_id: Line
    cipher_text: Line


class BatchDecrypt(Strict):
    cipher_infos: list[Cipher] = Field(min_length=1, max_length=50)
    account_id: str = ""
    account_type: str = ""


def batch_decrypt(asking: Asking, asked: BatchDecrypt) -> Any:
    merchant_only(asking)
    return {
        "decrypt_infos": [_opened(asking, one) for one in asked.cipher_infos],
        "custom_err": {"err_code": 0, "err_msg": ""},
    }


def _opened(asking: Asking, one: Cipher) -> dict[str, Any]:
    order = orders.find(asking.world.database, one.auth_id)
    if order is None or order.shop != asking.shop.id:
        return _failed(one, NOT_OURS, "订单不属于该店铺")
    opened = sealing.unseal(order.id, one.cipher_text)
    if opened is None:
        return _failed(one, NOT_OPENED, "密文不正确")
    if asking.quota_gone or not _use_quota(asking):
        return _failed(one, QUOTA_GONE, "当日解密额度已用完")
    return {**_told(asking, order, *opened), **one.model_dump(), "err_no": 0, "err_msg": ""}


def _failed(one: Cipher, number: int, said: str) -> dict[str, Any]:
    blank = {"decrypt_text": "", "data_type": 0, "is_virtual_tel": False, "expire_time": 0}
    return {**one.model_dump(), **blank, "err_no": number, "err_msg": said}


def _told(asking: Asking, order: Order, data_type: int, text: str) -> dict[str, Any]:
    virtual = data_type == sealing.PHONE and bool(order.body["virtual"])
    first, second = "17000000000", f"{int(order.id[-6:]) % 10_000:04d}"
    return {
        "data_type": data_type,
        "decrypt_text": f"{first}-{second}" if virtual else text,
        "is_virtual_tel": virtual,
        "phone_no_a": first if virtual else "",
        "phone_no_b": second if virtual else "",
        "expire_time": int(asking.world.now()) + VIRTUAL_LASTS if virtual else 0,
    }


def _use_quota(asking: Asking) -> bool:
    """One of today's, a China day; false when none is left."""
    day = (datetime.fromtimestamp(asking.world.now(), UTC) + _CHINA).date().isoformat()
    database = asking.world.database
    database.run("INSERT OR IGNORE INTO decryptions VALUES(?, ?, 0)", asking.shop.id, day)
    used = database.run(
        "UPDATE decryptions SET used = used + 1 WHERE shop = ? AND day = ? AND used < ?",
        asking.shop.id,
        day,
        asking.world.config.decrypt_quota,
    )
    return used == 1


CALLS = {"order.batchDecrypt": Done(BatchDecrypt, batch_decrypt)}
