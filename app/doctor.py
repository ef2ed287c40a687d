"""`daifa doctor`: what is wrong with this installation, and what to do about it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import aiohttp
from aiogram import Bot
from aiogram.exceptions import AiogramError
from rich.console import Console
from rich.table import Table
from sqlalchemy import URL

from app.backing import newest_backup
from app.building import open_database
from app.failures import STARTING, explained
from app.keeping import ServersOwn, database_name, in_playground, open_keys
from app.settings import Settings
from app.ways import make_bot
from platforms.sheets.extending import read_more_names
from storage.inspecting import begun_in
from storage.leases import FAILED, Leases, lease_engine

CLOCK_LIMIT = 30.0  # seconds; deadlines are shown to the minute
LATE_HOURS = 2  # a backup may be that late before somebody should look
PATIENCE = 10.0  # seconds for each question to Telegram


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: `ok` is None where it does not apply."""

    what: str
    ok: bool | None
    words: str


async def examine(settings: Settings) -> bool:
    """Print every finding; return whether nothing is wrong."""
    if settings.bot_token is None:
        settings = in_playground(settings)
    findings = [_keys(settings), await _database(settings), _backups(settings), _aliases(settings)]
    if settings.server is not None:
        findings.append(await _processes(settings.server))
    if settings.bot_token is None:
        note = "DAIFA_BOT_TOKEN is not set: `daifa run` starts the playground."
        findings.append(Finding("token", None, note))
    else:
        bot = make_bot(settings, settings.bot_token.get_secret_value(), settings.telegram_api)
        try:
            findings += [await _asked(check, settings, bot) for check in (_token, _webhook)]
        finally:
            await bot.session.close()
        findings.append(await _clock(settings))
    _print(findings)
    return all(finding.ok is not False for finding in findings)


def _keys(settings: Settings) -> Finding:
    try:
        ring = open_keys(settings)
    except STARTING as error:
        return Finding("keys", False, explained(error))
    return Finding("keys", True, f"{settings.keys_path}, {len(ring.keys)} key(s). Back it up.")


async def _database(settings: Settings) -> Finding:
    try:
        async with open_database(settings) as database:
            trouble = await database.read(lambda store: store.troubles())
    except STARTING as error:
        return Finding("database", False, explained(error))
    if trouble:
        return Finding("database", False, f"{settings.database_path}: {trouble}. Restore a backup.")
    stands = "is whole and" if settings.server is None else "answers and is"
    return Finding("database", True, f"{database_name(settings)} {stands} up to date.")


async def _processes(server: URL) -> Finding:
    """Say who does what only one process may."""
    engine = lease_engine(server)
    try:
        held = [one for one in await Leases(engine).standing() if one.held]
    except FAILED as error:
        return Finding("processes", False, f"Who leads cannot be seen: {type(error).__name__}.")
    finally:
        await engine.dispose()
    if not held:
        return Finding("processes", None, "Nobody is at work just now.")
    led = ", ".join(f"{one.name} since {one.since:%Y-%m-%d %H:%M:%S} UTC" for one in held)
    return Finding("processes", True, f"At work: {led}.")


def _backups(settings: Settings) -> Finding:
    if settings.bot_token is None:
        return Finding("backups", None, "None are made of the playground by themselves.")
    if settings.server is not None:
        return Finding("backups", None, str(ServersOwn(database_name(settings))))
    try:
        newest, begun = newest_backup(settings), begun_in(settings.database_path)
    except STARTING as error:
        return Finding("backups", False, explained(error))
    since = newest.made_at if newest else begun or datetime.now(UTC)
    hours = (datetime.now(UTC) - since).total_seconds() / 3600
    late = settings.backup_hours and hours > settings.backup_hours + LATE_HOURS
    if newest is None:
        words = f"There is none in {settings.backup_path}: run daifa backup."
        return Finding("backups", False if late else None, words)
    words = f"The newest in {settings.backup_path} is {hours:.0f} h old."
    if late:
        return Finding("backups", False, f"{words} The log of daifa run says why none was made.")
    return Finding("backups", True, f"{words} Keep some on another machine, the keys apart.")


def _aliases(settings: Settings) -> Finding:
    if settings.column_aliases is None:
        return Finding("columns", None, "DAIFA_COLUMN_ALIASES is not set: the known names count.")
    try:
        more = read_more_names(settings.column_aliases)
    except STARTING as error:
        return Finding("columns", False, explained(error))
    added = sum(len(names) for fields in more.values() for names in fields.values())
    return Finding("columns", True, f"{settings.column_aliases} adds {added} name(s).")


async def _asked(
    check: Callable[[Settings, Bot], Awaitable[Finding]], settings: Settings, bot: Bot
) -> Finding:
    """Run a check that asks Telegram; not being able to ask is a finding of its own."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await check(settings, bot)
    except (AiogramError, TimeoutError) as error:
        name = check.__name__.removeprefix("_")
        hint = "Check the token with @BotFather" if name == "token" else "Try again"
        proxy = "" if settings.proxy else "; if Telegram is not reachable here, set DAIFA_PROXY"
        return Finding(name, False, f"Telegram said: {type(error).__name__}. {hint}{proxy}.")


async def _token(_: Settings, bot: Bot) -> Finding:
    me = await bot.get_me()
    return Finding("token", True, f"@{me.username}")


async def _webhook(settings: Settings, bot: Bot) -> Finding:
    info = await bot.get_webhook_info()
    wanted = f"{settings.public_url}/telegram/{bot.id}" if settings.public_url else ""
    if info.url and not wanted:
        words = f"{info.url} is set; polling takes it away at start."
        return Finding("webhook", None, words)
    if wanted and info.url and info.url != wanted:
        return Finding("webhook", False, f"{info.url} is set, not {wanted}: restart `daifa run`.")
    if info.last_error_message:
        words = f"{info.last_error_message}; {info.pending_update_count} updates wait."
        return Finding("webhook", False, f"Telegram could not deliver: {words}")
    if not wanted:
        return Finding("webhook", None, "DAIFA_PUBLIC_URL is not set: updates come by polling.")
    return Finding("webhook", True, info.url or f"{wanted}, set when `daifa run` starts")


async def _clock(settings: Settings) -> Finding:
    """Compare with the Date of Telegram's answer: deadlines and leases live by the clock."""
    parts = urlsplit(settings.telegram_api)
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    stamp: str | None = None
    with suppress(aiohttp.ClientError, TimeoutError):
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.head(f"{parts.scheme}://{parts.netloc}/", proxy=settings.proxy) as answer,
        ):
            stamp = answer.headers.get("Date")
    if stamp is None:
        return Finding("clock", None, "Nothing to compare with: Telegram gave no time.")
    off = time.time() - parsedate_to_datetime(stamp).timestamp()
    if abs(off) > CLOCK_LIMIT:
        return Finding("clock", False, f"off by {off:+.0f} s: switch time synchronisation on.")
    return Finding("clock", True, f"within {CLOCK_LIMIT:.0f} s of Telegram's")


def _print(findings: list[Finding]) -> None:
    marks = {True: "[green]ok[/]", False: "[red]wrong[/]", None: "[yellow]–[/]"}
    table = Table(box=None, show_header=False)
    for finding in findings:
        table.add_row(marks[finding.ok], finding.what, finding.words)
    Console().print(table)
