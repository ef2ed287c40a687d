"""order.batchDecrypt: a merchant sees fields of its orders, out of the shop's quota of the day.

At most 50 at a time, `err_no` for each; data types as on the wire page. The number of each error
is the sandbox's own. A virtual number is given as `A-B`, and for a while only.
"""

from typing import Any

from pydantic import Field

from sandbox.doudian.calling import Done, Line, merchant_only
from sandbox.gateway import Asking, Strict
from sandbox.opening import Opened, Why, opened

VIRTUAL_LASTS = 7 * 86_400
_WHY: dict[Why, tuple[int, str]] = {
    "quota gone": (300010, "当日解密额度已用完"),
    "not ours": (300004, "订单不属于该店铺"),
    "not sealed so": (300003, "密文不正确"),
}


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
        "decrypt_infos": [_told(asking, one) for one in asked.cipher_infos],
        "custom_err": {"err_code": 0, "err_msg": ""},
    }


def _told(asking: Asking, one: Cipher) -> dict[str, Any]:
    found = opened(asking, one.auth_id, one.cipher_text)
    number, said = (0, "") if isinstance(found, Opened) else _WHY[found]
    told = found if isinstance(found, Opened) else Opened(0, "", None)
    host, extension = told.virtual or ("", "")
    return {
        **one.model_dump(),
        "decrypt_text": told.text,
        "data_type": told.data_type,
        "is_virtual_tel": told.virtual is not None,
        "phone_no_a": host,
        "phone_no_b": extension,
        "expire_time": int(asking.world.now()) + VIRTUAL_LASTS if told.virtual else 0,
        "err_no": number,
        "err_msg": said,
    }


CALLS = {"order.batchDecrypt": Done(BatchDecrypt, batch_decrypt)}
