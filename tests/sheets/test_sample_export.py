"""The sample export that is sent to try the bot."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.sample_export import COLUMNS, write_sample
from platforms.sheets.aliases import ALIASES, ALSO_THERE
from platforms.sheets.reading import parse_file

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


async def test_the_sample_reads_whole(tmp_path: Path) -> None:
    path = tmp_path / "sample.xlsx"
    write_sample(path, now=NOW)
    sheet = await parse_file(path, path.name)
    assert (sheet.platform, sheet.refused, sheet.columns_missing) == ("doudian", (), ())
    assert len(sheet.orders) == 20
    assert sum(len(order.lines) > 1 for order in sheet.orders) >= 3
    assert sum(not order.recipient.complete for order in sheet.orders) == 1
    assert sum(order.after_sale == "refunded" for order in sheet.orders) == 1
    assert any(order.recipient.phone == "17000000005-4321" for order in sheet.orders)
    assert all(len(order.order_no) == 19 for order in sheet.orders)


async def test_the_sample_was_paid_lately_and_is_due_soon(tmp_path: Path) -> None:
    path = tmp_path / "sample.xlsx"
    write_sample(path, now=NOW)
    for order in (await parse_file(path, path.name)).orders:
        assert order.paid_at is not None
        assert order.ship_by is not None
        assert NOW - timedelta(days=1) < order.paid_at < NOW < order.ship_by


def test_the_sample_has_every_column_of_doudian_we_know() -> None:
    usual = {names[0] for names in ALIASES["doudian"].values()}
    written = {name.replace("（", "(").replace("）", ")") for name in COLUMNS}
    assert usual | set(ALSO_THERE["doudian"]) == written
    assert len(COLUMNS) == len(set(COLUMNS)) == 74
