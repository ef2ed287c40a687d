"""`daifa invite`: a link that lets one person open shops."""

from app.building import open_database
from app.failures import CannotStart
from app.running import make_bot, patiently
from app.settings import Settings
from core.accounts import Accounts


async def invitation(settings: Settings) -> str:
    """Return a fresh single-use link. Raises `CannotStart` without a token."""
    if settings.bot_token is None:
        raise CannotStart("Set DAIFA_BOT_TOKEN first: an invitation is a link to your bot.")
    bot = make_bot(settings, settings.bot_token.get_secret_value(), settings.telegram_api)
    try:
        me = await patiently(bot.get_me)
    finally:
        await bot.session.close()
    async with open_database(settings) as database:
        token = await database.write(Accounts().new_invite)
    return f"https://t.me/{me.username}?start=i_{token}"
