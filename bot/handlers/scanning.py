"""A photo of a waybill, alone, as an album, or in reply to a card: read beside, shipped by one tap.

Each photo of an album is an update of its own; they find each other by Telegram's media group, and
one message answers them all. The reply may stand on the first of them only.
"""

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.handlers import shipping
from bot.handlers.scanning_job import READ
from bot.jobs import begin, job_of
from bot.keyboards import data as d
from bot.redrawing import redraw
from bot.screens import scanning as screens
from bot.screens import shipping as shipping_screens
from bot.screens.screen import CardRef
from bot.turn import Turn
from core.entities import Job
from core.ids import key
from core.ports import Store
from core.shipments.photo_matching import Photo, PhotosView
from core.shipments.photos import Confirmed
from core.shipments.sending import Shipped
from core.text.replies import read_reply

router = Router(name="scanning")

# Lists and digests of a factory: a photo in reply to one may be of any order.
ABOUT_MANY = frozenset({"assignments", "given", "batches", "photos"})


class WaybillPhoto(Filter):
    """A picture without a number typed under it: in reply to orders, or a factory's in private."""

    async def __call__(self, event: TelegramObject, turn: Turn) -> bool:  # noqa: ARG002
        """Look at the message and what it replies to."""
        message = turn.message
        if message is None or file_of(message) is None or _typed_number(message):
            return False
        if turn.replied is not None:
            return turn.replied.kind == "assignment" or turn.replied.kind in ABOUT_MANY
        return turn.private and turn.role == "factory" and not turn.step


@router.message(WaybillPhoto())
async def take_photo(message: Message, turn: Turn) -> None:
    """A photo: taken in, and read beside unless a job reads its album already."""
    replied, photos = turn.replied, turn.services.photos
    about = replied if replied is not None and replied.kind == "assignment" else None
    actor = turn.actor(replied.shop_id if replied is not None else None)
    photo = Photo(file_of(message) or "", message.message_id)
    album = message.media_group_id

    def make(store: Store) -> Job | None:
        draft_id = photos.add(store, actor, photo, album, about.ref_id if about else None)
        if draft_id is None:
            return None
        return job_of(turn, READ, actor, message.message_id, {"draft_id": draft_id})(store)

    await begin(turn, make, screens.reading(turn.t), about)


@router.callback_query(d.PickNumber.filter())
async def pick(_: CallbackQuery, turn: Turn, callback_data: d.PickNumber) -> None:
    """Which number of a photo."""
    pressed, photos, actor = callback_data, turn.services.photos, turn.actor(callback_data.shop)
    about = await _about(turn, pressed)
    view = await turn.write(
        lambda store: photos.pick(store, actor, pressed.draft, pressed.photo, pressed.index), about
    )
    await turn.show(screens.photos_screen(turn.t, view))


@router.callback_query(d.AnswerPhotos.filter())
async def answer(_: CallbackQuery, turn: Turn, callback_data: d.AnswerPhotos) -> None:
    """确认发货 or 不发货; anything else shows where the photos stand."""
    pressed, photos, actor = callback_data, turn.services.photos, turn.actor(callback_data.shop)
    about = await _about(turn, pressed)
    if pressed.answer == "confirm":
        done = await turn.write(
            lambda store: photos.confirm(store, actor, pressed.draft, pressed.seen), about
        )
        await _show_confirmed(turn, pressed, done)
    elif pressed.answer == "left":
        done = await turn.write(
            lambda store: photos.left_before(store, actor, pressed.draft, pressed.seen), about
        )
        await _show_confirmed(turn, pressed, done)
    elif pressed.answer == "drop":
        view = await turn.write(lambda store: photos.drop(store, actor, pressed.draft), about)
        await turn.show(screens.dropped(turn.t, view))
    else:
        view = await turn.read(lambda store: photos.view(store, actor, pressed.draft))
        await turn.show(screens.photos_screen(turn.t, view))


async def _show_confirmed(
    turn: Turn, pressed: d.AnswerPhotos, done: Confirmed | PhotosView
) -> None:
    if isinstance(done, PhotosView):
        await turn.toast(
            turn.t("The photos or their orders have changed since. Please look again."), alert=True
        )
        await turn.show(screens.photos_screen(turn.t, done))
        return
    if len(done.outcomes) == 1 and not isinstance(done.outcomes[0][2], Exception):
        await shipping.show_outcome(turn, pressed.shop, done.outcomes[0][2])
        await _show_rest(turn, done)
        return
    shown = await turn.show(screens.confirmed(turn.t, pressed.shop, pressed.draft, done))
    for asked in screens.questions(done):
        await turn.show(shipping_screens.question(turn.t, pressed.shop, asked), fresh=True)
    shipped = [one for _, _, one in done.outcomes if isinstance(one, Shipped)]
    await redraw(turn, [("assignment", key(one.assignment)) for one in shipped], shown)
    await _show_rest(turn, done)


async def _show_rest(turn: Turn, done: Confirmed) -> None:
    """The answer took the place of the photos: what it leaves open is asked in a message anew."""
    if done.rest.lines:
        await turn.show(screens.rest_screen(turn.t, done.rest), fresh=True)


async def _about(turn: Turn, pressed: d.PickNumber | d.AnswerPhotos) -> CardRef:
    """Return what the message with the photos shows: the order they reply to, or the photos."""
    photos, actor = turn.services.photos, turn.actor(pressed.shop)
    view = await turn.read(lambda store: photos.view(store, actor, pressed.draft))
    return screens.card_of(view)


def file_of(message: Message) -> str | None:
    """Return the id of the largest size of a photo, or of a picture sent as a file."""
    if message.photo:
        return message.photo[-1].file_id
    document = message.document
    if document is not None and (document.mime_type or "").startswith("image/"):
        return document.file_id
    return None


def _typed_number(message: Message) -> bool:
    """Return whether a tracking number is typed under the picture: then that is what is meant."""
    return bool(message.caption and read_reply(message.caption).numbers)
