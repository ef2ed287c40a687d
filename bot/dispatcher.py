"""The routing tree: arriving first, then the rooms in the order in which they claim an update."""

from aiogram import Dispatcher

from bot.arriving import Arriving
from bot.handlers import binding, everywhere, failing, shop, starting
from bot.house import House


def make_dispatcher(house: House) -> Dispatcher:
    """Return aiogram's dispatcher for this house.

    aiogram's own state machine is off: what a person is being asked is stored with the business.
    """
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.update.outer_middleware(Arriving(house))
    dispatcher.include_routers(
        starting.router, binding.router, shop.router, everywhere.router, failing.router
    )
    return dispatcher
