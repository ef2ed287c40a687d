"""快递公司: the carriers parcels go by, their names, and what their numbers look like.

Chinese domestic carriers publish no number format and no check digit; public lists contradict each
other on plain digits. So a distinctive prefix is `HIGH` and decides; digits of a known length and
beginning are `MEDIUM`; shapes of the past, or shared by several carriers, are `LOW`.
"""

import re
from dataclasses import dataclass
from enum import IntEnum


class Confidence(IntEnum):
    """How far a number's shape alone tells its carrier."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


@dataclass(frozen=True, slots=True)
class Carrier:
    """One carrier: our code for it, its names, and what else people call it (upper case)."""

    code: str
    name: str
    english: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A pattern of one carrier's numbers, to be matched whole against a normalised number."""

    carrier: str
    pattern: re.Pattern[str]
    confidence: Confidence


OTHER = "other"

CARRIERS: dict[str, Carrier] = {
    carrier.code: carrier
    for carrier in (
        Carrier("sf", "顺丰速运", "SF Express", ("顺丰快递", "顺丰", "顺风", "SF", "SFEXPRESS")),
        Carrier("zto", "中通快递", "ZTO Express", ("中通速递", "中通", "ZTO")),
        Carrier("yto", "圆通速递", "YTO Express", ("圆通快递", "圆通", "YTO", "YT")),
        Carrier("yunda", "韵达快递", "Yunda Express", ("韵达速递", "韵达", "YUNDA", "YD")),
        Carrier("sto", "申通快递", "STO Express", ("申通速递", "申通", "STO")),
        Carrier(
            "jt",
            "极兔速递",
            "J&T Express",
            ("极兔快递", "极兔", "J&T", "JT", "JTEXPRESS", "百世快递", "百世汇通", "百世"),
        ),
        Carrier("jd", "京东快递", "JD Logistics", ("京东物流", "京东", "JD", "JDL")),
        Carrier(
            "ems",
            "邮政EMS",
            "China Post EMS",
            ("中国邮政", "邮政快递包裹", "邮政速递", "邮政包裹", "邮政快递", "邮政", "EMS"),
        ),
        Carrier("deppon", "德邦快递", "Deppon Express", ("德邦物流", "德邦", "DEPPON", "DBL")),
        Carrier(
            "cainiao", "菜鸟速递", "Cainiao", ("丹鸟快递", "丹鸟", "菜鸟快递", "菜鸟", "CAINIAO")
        ),
        Carrier("yunexpress", "云途物流", "YunExpress", ("云途", "YUNEXPRESS")),
        Carrier("ane", "安能物流", "ANE Logistics", ("安能快递", "安能", "ANE")),
        Carrier("kye", "跨越速运", "KYE Express", ("跨越物流", "跨越", "KYE")),
        Carrier("uce", "优速快递", "UCE Express", ("优速", "UCE")),
        Carrier("zjs", "宅急送", "ZJS Express", ("ZJS",)),
        Carrier(OTHER, "其他快递", "Another carrier", ("其他物流",)),
    )
}


def _shape(carrier: str, pattern: str, confidence: Confidence) -> Shape:
    return Shape(carrier, re.compile(pattern, re.ASCII), confidence)


# Where several fit with equal confidence, the earlier comes first.
SHAPES: tuple[Shape, ...] = (
    _shape("sf", r"SF\d{13}", Confidence.HIGH),
    _shape("yto", r"YT\d{13}", Confidence.HIGH),
    _shape("yunexpress", r"YT\d{16}", Confidence.HIGH),
    _shape("jt", r"JT\d{13}", Confidence.HIGH),
    # The parcel's place among several stays: -1-2- is the first of two.
    _shape("jd", r"JD[A-Z]{1,2}\d{11,12}(-\d{1,4}-\d{1,4}-)?", Confidence.HIGH),
    _shape("ems", r"[A-Z]{2}\d{9}CN", Confidence.HIGH),
    _shape("deppon", r"DP[KL]\d{11,}", Confidence.HIGH),
    _shape("ems", r"[A-Z]{2}\d{9}[A-Z]{2}", Confidence.MEDIUM),
    _shape("jd", r"JD\d{11,15}(-\d{1,4}-\d{1,4}-)?", Confidence.MEDIUM),
    _shape("zto", r"78\d{12}", Confidence.MEDIUM),
    _shape("zto", r"7[345]\d{11}", Confidence.MEDIUM),
    _shape("sto", r"77\d{13}", Confidence.MEDIUM),
    _shape("sto", r"(268|368|58\d|77\d)\d{9}", Confidence.MEDIUM),
    _shape("ems", r"(1[012]|5[012]|9[5789])\d{11}", Confidence.MEDIUM),
    _shape("ems", r"9\d{12}", Confidence.MEDIUM),
    _shape("yunda", r"[34]\d{14}", Confidence.MEDIUM),
    _shape("zto", r"\d{14}", Confidence.MEDIUM),
    _shape("yunda", r"\d{15}", Confidence.MEDIUM),
    _shape("yunda", r"\d{13}", Confidence.MEDIUM),
    _shape("sf", r"\d{12}", Confidence.LOW),
    _shape("zto", r"\d{12}", Confidence.LOW),
    # Best (百世), since merged into J&T.
    _shape("jt", r"(?!78)\d{14}", Confidence.LOW),
    _shape("cainiao", r"(CNS|CJ)\d{12,14}", Confidence.LOW),
    _shape("deppon", r"\d{8,10}", Confidence.LOW),
)

# The letters numbers begin with: what a number of a wrong length was probably meant to be.
PREFIXES: dict[str, str] = {
    "CNS": "cainiao",
    "DPK": "deppon",
    "DPL": "deppon",
    "CJ": "cainiao",
    "JD": "jd",
    "JT": "jt",
    "SF": "sf",
    "YT": "yto",
}

_BY_NAME: dict[str, str] = {
    name.upper(): carrier.code
    for carrier in CARRIERS.values()
    for name in (carrier.code, carrier.name, carrier.english, *carrier.aliases)
}
_CHINESE_NAMES = sorted((name for name in _BY_NAME if not name.isascii()), key=len, reverse=True)
_CHINESE_NAME = re.compile("|".join(map(re.escape, _CHINESE_NAMES)))


def carrier_named(text: str) -> str | None:
    """The code of the carrier a whole text names (`顺丰速运`, `sf`, `SF Express`), or None."""
    return _BY_NAME.get(" ".join(text.split()).upper())


def split_names(text: str) -> list[tuple[str, str | None]]:
    """Cut a text at the Chinese carrier names in it: pieces of `(text, code or None)`, in order."""
    pieces: list[tuple[str, str | None]] = []
    end = 0
    for found in _CHINESE_NAME.finditer(text):
        pieces.append((text[end : found.start()], None))
        pieces.append((found.group(), _BY_NAME[found.group()]))
        end = found.end()
    pieces.append((text[end:], None))
    return [(piece, code) for piece, code in pieces if piece.strip()]
