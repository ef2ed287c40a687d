"""The routing tree: arriving first, then the rooms in the order in which they claim an update."""

from functools import cache

from aiogram import Dispatcher

from bot.arriving import Arriving
from bot.handlers import (
    answering,
    assigning,
    batches,
    binding,
    days,
    editing,
    everywhere,
    exporting,
    extras,
    failing,
    filtering,
    finding,
    fulfilling,
    here,
    holding_many,
    importing,
    keys,
    late,
    looking,
    menu,
    orders,
    past,
    pasting,
    pasting_file,
    picturing,
    platforms,
    printing,
    questions,
    rules,
    scanning,
    selecting,
    settings,
    shipping,
    shop,
    splitting,
    staff,
    starting,
    stops,
    tickets,
    webhooks,
)
from bot.rooms import Rooms


@cache
def routing() -> Dispatcher:
    """Return aiogram's dispatcher: one tree for every house, fed with `house=`.

    aiogram's own state machine is off: what a person is being asked is stored with the business.
    """
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.update.outer_middleware(Arriving())
    rooms = Rooms(
        # Presses and commands of the day first, replies to cards, then questions, then the rest.
        assigning.router,
        batches.router,
        holding_many.router,
        orders.router,
        past.router,
        late.router,
        pasting.router,
        pasting_file.router,
        selecting.router,
        filtering.router,
        finding.router,
        extras.router,
        editing.router,
        splitting.router,
        rules.router,
        picturing.router,  # before what takes words: a picture is none
        fulfilling.router,
        answering.router,
        questions.router,
        looking.router,
        scanning.router,  # before shipping: a picture with no number typed is read
        shipping.router,
        stops.router,
        printing.router,
        importing.router,
        exporting.router,
        days.router,
        binding.router,
        starting.router,
        shop.router,
        settings.router,
        staff.router,
        keys.router,
        webhooks.router,
        platforms.router,
        tickets.router,
        here.router,
        menu.router,
        everywhere.router,
        shipping.stray_router,
        finding.stray_router,
        everywhere.fallback,
        failing.router,
    )
    dispatcher.include_router(rooms)
    return dispatcher
