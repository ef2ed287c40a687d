"""The way to Telegram: what aiogram would make anew for an answer stays made."""

import gc
from weakref import ref

from aiogram import Bot
from aiogram.methods import AnswerCallbackQuery, Response
from aiogram.methods.base import TelegramMethod

from app.ways import Session

TOKEN = "7000000001:not-a-secret"


def _answered(bot: Bot, method: TelegramMethod[bool]) -> "ref[type[Response[bool]]]":
    answer = bot.session.check_response(bot, method, 200, '{"ok": true, "result": true}')
    assert answer.result is True
    return ref(type(answer))


def test_the_model_of_an_answer_is_made_once() -> None:
    bot, method = Bot(TOKEN, session=Session()), AnswerCallbackQuery(callback_query_id="1")
    made = _answered(bot, method)
    gc.collect()
    assert made() is not None
    assert _answered(bot, method)() is made()
