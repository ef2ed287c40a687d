"""Both shops on one platform and bound there: what is assigned here is assigned there too."""

from datetime import UTC, datetime

import pytest

from core.entities import PlatformLink
from core.platforms.platform_errors import OutsideRoleDiffers
from tests.platforms.conftest import Seller
from tests.platforms.town import Town
from tests.sandbox.conftest import FACTORY, MASK, MERCHANT, OTHER_FACTORY, Operator


async def partnered(town: Town, link_id: int) -> bool:
    """Who is bound there is known."""
    return any(one.partners_at for one in await town.all(PlatformLink) if one.id == link_id)


async def test_who_is_bound_there_is_known_to_both_and_followed(town: Town) -> None:
    merchant, factory = await town.links(), await town.links_factory()
    async with town.working():
        await town.until(lambda: partnered(town, merchant))
        await town.until(lambda: partnered(town, factory))
        linking = town.services.platforms.linking
        ours = await town.does(linking.one, town.merchant, merchant)
        theirs = await town.does(linking.one, town.factory, factory)
        assert [(one.outside_id, here) for one, here in ours.partners] == [(str(FACTORY), True)]
        assert [(one.outside_id, one.name) for one, _ in theirs.partners] == [
            (str(MASK), "小满优选")
        ]
        both = {"merchant": MERCHANT, "factory": OTHER_FACTORY}
        await town.operator.post("bindings", **both, status=2)
        await town.does(linking.look_now, town.merchant, merchant)

        async def two() -> bool:
            return len((await town.does(linking.one, town.merchant, merchant)).partners) == 2

        await town.until(two)
    assert not await town.orders()


async def test_a_shop_of_the_other_part_is_not_linked(town: Town) -> None:
    with pytest.raises(OutsideRoleDiffers):
        await town.links(FACTORY, town.merchant)
    with pytest.raises(OutsideRoleDiffers):
        await town.links(MERCHANT, town.factory)


async def test_a_shop_without_a_part_in_the_programme_still_gets_its_orders(town: Town) -> None:
    await town.operator.post("orders", shop=MERCHANT, count=2)
    link_id = await town.links()
    await town.operator.fault("service", method="iop.sellerSupplierList")
    async with town.working():

        async def came() -> bool:
            link = await town.link()
            return len(await town.orders()) == 2 and link.ok_at is not None

        await town.until(came)
    assert (await town.link()).failing_since is None
    assert not (
        await town.does(town.services.platforms.linking.one, town.merchant, link_id)
    ).partners


async def test_a_factory_finds_by_which_number_it_knows_a_merchant(
    seller: Seller, operator: Operator
) -> None:
    code = (await operator.post("authorise", shop=FACTORY))["code"]
    token = (await seller.doudian.granted(code)).access_token
    order = await operator.order()
    handle = order["units"][0]["id"]
    now = datetime.now(UTC)
    assert await seller.doudian.merchant_of(token, handle, now) == ""
    await seller.doudian.assign(seller.token, [handle], str(FACTORY))
    assert await seller.doudian.merchant_of(token, handle, now) == str(MASK)
