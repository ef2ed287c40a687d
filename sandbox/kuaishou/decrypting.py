"""open.order.decrypt.batch: a merchant sees one field, out of the shop's quota of the day.

The wire page gives the rules (one field at a time, a daily quota, never again 14 days after the
end), not the call: its name and parameters are those a public client of the platform uses, the
answer's fields and numbers the sandbox's own.
"""

from typing import Any

from pydantic import Field

from sandbox.gateway import Asking, Strict
from sandbox.kuaishou import refusals as refuse
from sandbox.kuaishou.calling import Done, Text, merchant_only
from sandbox.opening import Opened, Why, opened

DAYS_AFTER_THE_END = 14
_WHY: dict[Why, tuple[int, str]] = {
    "quota gone": (1, "当日解密额度已用完"),
    "not ours": (2, "订单不属于该商家"),
    "not sealed so": (3, "密文不正确"),
    "too late": (4, "订单完结超过14天，不再支持解密"),
}


class Encrypted(Strict):
    bizId: Text  # noqa: N815  so named by the platform
    encryptedData: Text  # noqa: N815


class DecryptBatch(Strict):
    batchDecryptList: list[Encrypted] = Field(min_length=1)  # noqa: N815


def decrypt(asking: Asking, asked: DecryptBatch) -> Any:
    merchant_only(asking)
    if len(asked.batchDecryptList) > 1:
        raise refuse.business("一次只能解密一个字段")
    return [_told(asking, one) for one in asked.batchDecryptList]


def _told(asking: Asking, one: Encrypted) -> dict[str, Any]:
    found = opened(asking, one.bizId, one.encryptedData, days=DAYS_AFTER_THE_END)
    number, said = (0, "") if isinstance(found, Opened) else _WHY[found]
    return {
        **one.model_dump(),
        "decryptedData": found.text if isinstance(found, Opened) else "",
        "errorCode": number,
        "errorMsg": said,
    }


CALLS = {"open.order.decrypt.batch": Done(DecryptBatch, decrypt)}
