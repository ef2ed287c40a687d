"""Column names the operator adds, and what is said of a file that cannot be used."""

from pathlib import Path

import pytest

from app.doctor import examine
from app.failures import STARTING, explained
from app.parts import serving
from app.settings import Settings
from core.imports.incoming import MissingColumns
from platforms.sheets.extending import AliasesRefused, read_more_names
from platforms.sheets.reading import parse_file

RENAMED = """\
订单编号,商品名称,SKU名称,SKU编码,件数,收货人姓名,收件电话,收货地址,订单状态
2632400123456789,袜子,白色,WZ-01,3,林小满,13800000001,杭州市西湖区1号,待发货
"""
MORE = """
[kuaishou]
quantity = ["商品件数", "件数"]
phone = ["收件 电话"]
"""


def file(folder: Path, content: str | bytes) -> Path:
    path = folder / "columns.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


async def test_a_renamed_column_is_read_by_the_name_the_operator_adds(tmp_path: Path) -> None:
    data = RENAMED.encode()
    with pytest.raises(MissingColumns):
        await parse_file(data, "a.csv")
    more = read_more_names(file(tmp_path, MORE))
    (order,) = (await parse_file(data, "a.csv", more_names=more)).orders
    assert (order.lines[0].quantity, order.recipient.phone) == (3, "13800000001")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[kuaishou", "is not TOML"),
        (b"\xff\xfe", "save it as UTF-8"),
        ('[kwai]\nquantity = ["件数"]', "[kwai] is no platform; there are doudian, taobao"),
        ("kuaishou = 3", "write [kuaishou] as a table"),
        ('[kuaishou]\namount = ["件数"]', "amount of [kuaishou] is no field; there are order_no"),
        ('[kuaishou]\nquantity = "件数"', "write quantity of [kuaishou] as a list of names"),
        ('[kuaishou]\nquantity = [" "]', "write quantity of [kuaishou] as a list of names"),
        ('[kuaishou]\nquantity = ["收货人电话"]', "is a name of phone already"),
        ('[kuaishou]\nquantity = ["件"]\nprice = ["件"]', "is a name of quantity already"),
        ("#" * 70_000, "larger than 64 KB"),
    ],
)
async def test_a_file_that_cannot_be_used_stops_the_start_with_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | bytes, sentence: str
) -> None:
    path = file(tmp_path, content)
    settings = Settings(_env_file=None, var=tmp_path / "var", column_aliases=path)
    with pytest.raises(STARTING) as caught:
        async with serving(settings, "1:a", "http://127.0.0.1:9"):
            raise AssertionError("it started")
    said = explained(caught.value)
    assert said.startswith(f"DAIFA_COLUMN_ALIASES: {path}")
    assert sentence in said
    assert not await examine(settings)
    assert "DAIFA_COLUMN_ALIASES" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(AliasesRefused, match="cannot be read"):
        read_more_names(tmp_path / "nowhere.toml")
