"""`daifa invite`: a link that lets one person open shops."""

from app.building import open_database
from app.keeping import in_playground
from app.running import patiently
from app.settings import Settings
from app.ways import make_bot
from core.people.accounts import Accounts
from playground.people import DEFAULT_BOT


async def invitation(settings: Settings) -> str:
    """Return a fresh single-use link; without a token, to the playground's bot."""
    if settings.bot_token is None:
        return await _link(in_playground(settings), DEFAULT_BOT.username)
    bot = make_bot(settings, settings.bot_token.get_secret_value(), settings.telegram_api)
    try:
        me = await patiently(bot.get_me)
    finally:
        await bot.session.close()
    return await _link(settings, me.username or "")


async def _link(settings: Settings, username: str) -> str:
    async with open_database(settings) as database:
        token = await database.write(Accounts().new_invite)
    return f"https://t.me/{username}?start=i_{token}"
