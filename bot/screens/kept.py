"""What remembered messages show now: an order, a 确认分配 from either side, an import."""

from collections.abc import Callable

from bot.screens import (
    assigning,
    batches,
    editing,
    editing_more,
    import_undo,
    imports,
    orders,
    questions,
)
from bot.screens.assignments import assignment_card
from bot.screens.screen import Screen
from bot.texts import Translator
from core.changes.edit_errors import OrderOver
from core.errors import DraftGone, UndoneAlready
from core.ports import Store
from core.services import Services
from core.values import Actor

Present = Callable[[Translator, Services, Store, Actor, int], Screen]


def present_order(
    t: Translator, services: Services, store: Store, actor: Actor, order_id: int
) -> Screen:
    """Return the order's card as it stands. Raises `OrderNotFound`."""
    return orders.order_card(t, services.listing.order(store, actor, order_id), store.now)


def present_assignment(
    t: Translator, services: Services, store: Store, actor: Actor, assignment_id: int
) -> Screen:
    """Return the factory's card as it stands. Raises `AssignmentNotFound`."""
    return assignment_card(t, services.listing.assignment(store, actor, assignment_id), store.now)


def present_batch(
    t: Translator, services: Services, store: Store, actor: Actor, draft_id: int
) -> Screen:
    """Return what a confirmed draft did. Raises `DraftGone` when it was never confirmed."""
    done = services.assigning.outcome(store, actor, draft_id)
    return assigning.done_screen(t, actor.shop_id, done)


def standing_batch(
    t: Translator, services: Services, store: Store, actor: Actor, draft_id: int
) -> Screen:
    """Return how far a merchant's batch is by now. Raises as `present_batch`."""
    done = services.assigning.outcome(store, actor, draft_id)
    states = store.assignments.counts_of(draft_id)
    return assigning.standing_screen(t, actor.shop_id, done, batches.standing_words(t, states))


def present_given(
    t: Translator, services: Services, store: Store, actor: Actor, draft_id: int
) -> Screen:
    """Return a factory's digest as it stands. Raises `DraftNotFound`."""
    return batches.digest_screen(t, services.batches.digest(store, actor, draft_id), store.now)


def present_import(
    t: Translator, services: Services, store: Store, actor: Actor, draft_id: int
) -> Screen:
    """Return the preview, or that it was applied, or that it has ended."""
    try:
        preview = services.importing.preview(store, actor, draft_id)
    except UndoneAlready:
        return import_undo.undone_before(t, actor.shop_id)
    except DraftGone:
        return imports.expired_screen(t, actor.shop_id)
    return imports.import_screen(t, actor.shop_id, preview)


def present_edit(
    t: Translator, services: Services, store: Store, actor: Actor, order_id: int
) -> Screen:
    """Return where changing an order stands: its open plan, else all that can be changed.

    An order that is over shows its card. Raises `OrderNotFound`.
    """
    try:
        view = services.editing.view(store, actor, order_id)
    except OrderOver:
        return present_order(t, services, store, actor, order_id)
    recipient = services.editing_recipient.plan(store, actor, view)
    if recipient is not None:
        return editing_more.recipient_screen(t, recipient)
    lines = services.editing_lines.plan(store, actor, view)
    if lines is not None:
        return editing_more.lines_screen(t, lines)
    return editing.edit_screen(t, view, store.now)


def present_question(
    t: Translator, services: Services, store: Store, actor: Actor, question_id: int
) -> Screen:
    """Return a question as it stands, to either side. Raises `QuestionNotFound`."""
    asked = services.asking.view(store, actor, question_id)
    given = store.assignments.of(asked.assignment_id)
    other = services.bindings.view(store, actor, given.binding_id).other_name
    return questions.question_screen(
        t, asked, given, store.orders.of(given.order_id), shop_id=actor.shop_id, other=other
    )
