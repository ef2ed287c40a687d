"""Province, city and district of a Chinese address, split off its beginning.

Provinces and prefecture-level cities are known by name (GB/T 2260 as of 2024), so that
`广东深圳南山区` and `杭州市西湖区` are understood; counties and districts are told by how they end.
A county-level city (义乌市) is a district here, as on the selling platforms.
"""

import re
from dataclasses import dataclass

_MUNICIPALITIES = ("北京", "天津", "上海", "重庆")
_AUTONOMOUS = {
    "内蒙古": "内蒙古自治区",
    "广西": "广西壮族自治区",
    "西藏": "西藏自治区",
    "宁夏": "宁夏回族自治区",
    "新疆": "新疆维吾尔自治区",
    "香港": "香港特别行政区",
    "澳门": "澳门特别行政区",
}
_CITIES = {
    "河北": "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水",
    "山西": "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁",
    "内蒙古": "呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 兴安"
    " 锡林郭勒 阿拉善",
    "辽宁": "沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛",
    "吉林": "长春 吉林 四平 辽源 通化 白山 松原 白城 延边",
    "黑龙江": "哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 大兴安岭",
    "江苏": "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁",
    "浙江": "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水",
    "安徽": "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城",
    "福建": "福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德",
    "江西": "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶",
    "山东": "济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽",
    "河南": "郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘"
    " 信阳 周口 驻马店",
    "湖北": "武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施",
    "湖南": "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西",
    "广东": "广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞"
    " 中山 潮州 揭阳 云浮",
    "广西": "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左",
    "海南": "海口 三亚 三沙 儋州",
    "四川": "成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中"
    " 资阳 阿坝 甘孜 凉山",
    "贵州": "贵阳 六盘水 遵义 安顺 毕节 铜仁 黔西南 黔东南 黔南",
    "云南": "昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河 文山 西双版纳 大理 德宏 怒江 迪庆",
    "西藏": "拉萨 日喀则 昌都 林芝 山南 那曲 阿里",
    "陕西": "西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛",
    "甘肃": "兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南",
    "青海": "西宁 海东 海北 黄南 海南 果洛 玉树 海西",
    "宁夏": "银川 石嘴山 吴忠 固原 中卫",
    "新疆": "乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 博尔塔拉 巴音郭楞 阿克苏 克孜勒苏"
    " 喀什 和田 伊犁 塔城 阿勒泰",
    "台湾": "",
    "香港": "",
    "澳门": "",
}
_PROVINCE_OF_CITY = {
    city: province for province, cities in _CITIES.items() for city in cities.split()
}
# Longer names first, so that 黔西南 is not taken for 黔西.
_PROVINCE = re.compile(
    rf"(?P<municipality>{'|'.join(_MUNICIPALITIES)})(?:市|(?![路街大]))"
    r"|(?P<short>" + "|".join(_CITIES) + r")(?:省|特别行政区|[壮回维][^\s]{0,3}族?自治区|自治区"
    r"|(?![省市县区路街大藏蒙]))"
)
_CITY = re.compile(
    r"(?P<short>"
    + "|".join(sorted(_PROVINCE_OF_CITY, key=len, reverse=True))
    + r")(?P<suffix>市(?!中区)|(?=市中区)|地区|盟|[^\s市区县]{0,10}?自治州|州"
    r"|(?![市县区路街镇乡大]))"
)
_DISTRICT = re.compile(
    r"(?:市辖区|省直辖县)?\s*(?P<name>[一-鿿][^\W\d镇乡村路街道号园社院栋楼室]{0,10}?"
    r"(?:自治县|自治旗|新区|林区|特区|开发区|区|县|市|旗))"
)
_NO_DISTRICT = re.compile(r".*(?:小区|社区|园区|厂区|校区|景区|片区|库区|生活区|工业区)$")
_GAP = " ,;、-/"
_BETWEEN = f"{_GAP}.。+&和与及跟或"


@dataclass(frozen=True, slots=True)
class Region:
    """The parts that were found, full names; empty where the text does not say."""

    province: str = ""
    city: str = ""
    district: str = ""


def split_region(text: str) -> tuple[Region, str]:
    """Split off province, city and district: `(region, the rest of the address)`."""
    rest = text.lstrip(_GAP)
    province, rest = _province(rest)
    if province.rstrip("市") in _MUNICIPALITIES:
        _, rest = _province(rest)
        city = province
    else:
        city, owner, rest = _city(rest)
        province = province or owner
    district, rest = _district(rest)
    return Region(province, city, district), rest.lstrip(_GAP)


def find_region(text: str) -> int | None:
    """Where in a text an address begins: at the first province or `…市` it names, or None."""
    cities = (found.start() for found in _CITY.finditer(text) if found["suffix"] == "市")
    provinces = (found.start() for found in _PROVINCE.finditer(text))
    return min((*cities, *provinces), default=None)


PROVINCES = (*_MUNICIPALITIES, *_CITIES)


def short_province(text: str) -> str:
    """The province a text begins with, as people say it (`浙江`, `内蒙古`), or nothing."""
    found = _PROVINCE.match(text.lstrip(_GAP))
    return (found["municipality"] or found["short"]) if found else ""


def provinces_in(text: str) -> list[str]:
    """The provinces a text consists of, in their usual order; none where it says anything else."""
    found, rest = set(), text.strip(_BETWEEN)
    while rest and (province := _PROVINCE.match(rest)):
        found.add(province["municipality"] or province["short"])
        rest = rest[province.end() :].lstrip(_BETWEEN)
    return [] if rest else [one for one in PROVINCES if one in found]


def is_region(text: str) -> bool:
    """Whether a text names a region and nothing else."""
    region, rest = split_region(text)
    return region != Region() and not rest


def _province(text: str) -> tuple[str, str]:
    found = _PROVINCE.match(text)
    if not found:
        return "", text
    municipality = found["municipality"]
    name = f"{municipality}市" if municipality else _full(found["short"])
    return name, text[found.end() :].lstrip(_GAP)


def _full(short: str) -> str:
    return _AUTONOMOUS.get(short, f"{short}省")


def _city(text: str) -> tuple[str, str, str]:
    """`(city, the province it lies in, the rest)`."""
    found = _CITY.match(text)
    if not found:
        return "", "", text
    name = found["short"] + (found["suffix"] or "市")
    return name, _full(_PROVINCE_OF_CITY[found["short"]]), text[found.end() :].lstrip(_GAP)


def _district(text: str) -> tuple[str, str]:
    found = _DISTRICT.match(text)
    if not found or _NO_DISTRICT.match(found["name"]):
        return "", text
    return found["name"], text[found.end() :]
