"""What stories of the factory begin with: orders imported, assigned in one line, cards arrived."""

from playground.seen import M
from tests.cast import Row, export
from tests.conftest import Company


async def assigned(company: Company, *rows: Row) -> list[M]:
    """Import the rows and assign their orders; returns the factory's card of each order."""
    numbers = list(dict.fromkeys(row.order_no for row in rows))
    await imports(company, *rows)
    await company.merchant.sends(f"/assign {' '.join(numbers)} {company.factory_number}")
    return [await company.factory.sees(number, anywhere=True) for number in numbers]


async def imports(company: Company, *rows: Row) -> None:
    """Import rows, of new orders or changed ones; all is kept when this returns."""
    await company.merchant.uploads("订单.xlsx", export(rows))
    await company.merchant.sees("以上为预览")
    await company.merchant.taps("确认导入")


def tag_of(card: M) -> str:
    """Return the tag on a card: four characters behind 🏷."""
    return card.text.split("🏷 ")[1][:4]
