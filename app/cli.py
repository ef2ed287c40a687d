"""The command line: `daifa run`, `web`, `doctor`, `backup`, `restore`, `erase` and the rest."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from app.cli_moving import add_to
from app.settings import Settings, SettingsError, load

if TYPE_CHECKING:
    from app.roles import Role

app = typer.Typer(add_completion=False, no_args_is_help=True, help="代发: orders to factories.")


def _settings() -> Settings:
    """Read the settings, or leave with a sentence for each that is wrong."""
    from app.logging import configure

    try:
        settings = load()
    except SettingsError as error:
        for sentence in error.sentences:
            typer.echo(sentence, err=True)
        raise typer.Exit(2) from None
    kept = [settings.bot_token, settings.webhook_secret]
    secrets = [secret.get_secret_value() if secret else None for secret in kept]
    secrets += [_password(url) for url in (settings.database_url, settings.redis_url)]
    known = [secret for secret in secrets if secret]
    configure(settings.log_format, settings.log_level, secrets=known)
    return settings


def _password(url: str | None) -> str | None:
    return urlsplit(url).password if url else None


def _kept() -> Settings:
    """Read the settings of what is kept: without a token that is the playground's."""
    from app.keeping import in_playground

    settings = _settings()
    return in_playground(settings) if settings.bot_token is None else settings


@app.command()
def run() -> None:
    """Everything in one process: Telegram when DAIFA_BOT_TOKEN is set, else the playground."""
    from app.failures import STARTING, explained
    from app.serve import run as serve

    settings = _settings()
    try:
        asyncio.run(serve(settings))
    except STARTING as error:
        typer.echo(explained(error), err=True)
        raise typer.Exit(1) from None


@app.command()
def web() -> None:
    """Only what people and programs ask for, over PostgreSQL: any number of these at once."""
    _serve_as("web")


@app.command()
def courier() -> None:
    """Only the alerts that go out, over PostgreSQL: one works, another waits to take over."""
    _serve_as("courier")


@app.command()
def scheduler() -> None:
    """Only what happens by the clock, and platforms: one works, another waits to take over."""
    _serve_as("scheduler")


def _serve_as(role: "Role") -> None:
    from app.failures import STARTING, explained
    from app.roles import run_role

    settings = _settings()
    try:
        asyncio.run(run_role(role, settings))
    except STARTING as error:
        typer.echo(explained(error), err=True)
        raise typer.Exit(1) from None


@app.command()
def doctor() -> None:
    """Check token, database, keys, clock and webhook, and say what to do about each."""
    from app.doctor import examine

    ok = asyncio.run(examine(_settings()))
    raise typer.Exit(0 if ok else 1)


@app.command()
def backup(
    target: Annotated[
        Path | None, typer.Argument(help="file or folder; DAIFA_BACKUP_PATH unless given")
    ] = None,
) -> None:
    """Copy the database, whole and checked, while `daifa run` goes on; the keys are not in it."""
    from app.backing import back_up, told
    from app.keeping import REFUSED

    settings = _kept()
    try:
        typer.echo(told(settings, back_up(settings, target)))
    except REFUSED as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="a backup; what stands there is put aside")],
    force: Annotated[
        bool, typer.Option("--force", help="although what stands there has seen more")
    ] = False,
) -> None:
    """Put a backup back in its place while `daifa run` is stopped."""
    from app.keeping import REFUSED
    from app.restored import put_back

    settings = _kept()
    try:
        typer.echo(put_back(settings, file, force=force))
    except REFUSED as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None


keys = typer.Typer(no_args_is_help=True, help="The keys recipients are sealed with.")
app.add_typer(keys, name="keys")


def _with_keys(work: Callable[[Settings], Coroutine[Any, Any, str]]) -> None:
    from app.failures import STARTING, explained

    try:
        typer.echo(asyncio.run(work(_kept())))
    except STARTING as error:
        typer.echo(explained(error), err=True)
        raise typer.Exit(1) from None


@keys.command("rotate")
def rotate_keys() -> None:
    """Add a fresh key and seal everything anew with it, while `daifa run` goes on."""
    from app.rotating import rotate

    _with_keys(rotate)


@keys.command("retire")
def retire_keys() -> None:
    """Take away the older keys that neither the database nor a backup needs any more."""
    from app.rotating import retire

    _with_keys(retire)


@keys.command("show")
def show_keys() -> None:
    """Say which keys there are, and what each is still needed for; never a key itself."""
    from app.rotating import show

    _with_keys(show)


def _typed(what: str) -> str:
    """Read a line that nobody shall see: asked for at a terminal, else from what is piped in."""
    if sys.stdin.isatty():
        return str(typer.prompt(what, hide_input=True, err=True))
    return sys.stdin.readline()


@app.command()
def erase(
    order: Annotated[str | None, typer.Option(help="number of the order, of any shop")] = None,
    phone: Annotated[
        bool, typer.Option("--phone", help="by the recipient's phone, read from standard input")
    ] = False,
) -> None:
    """Erase recipient, notes and questions of orders that are over, at once and for good."""
    from app.erasing import erase_order, erase_phone
    from app.failures import STARTING, explained
    from core.erasing.erasing import PhoneUnclear

    if (order is None) == (not phone):
        typer.echo("Say which: --order NUMBER, or --phone with the number typed in.", err=True)
        raise typer.Exit(2)
    settings = _kept()
    try:
        if order is not None:
            done = asyncio.run(erase_order(settings, order.strip()))
        else:
            done = asyncio.run(erase_phone(settings, _typed("Phone")))
        typer.echo(done)
    except PhoneUnclear:
        typer.echo("That is no telephone number: type it as in 13800000000.", err=True)
        raise typer.Exit(2) from None
    except STARTING as error:
        typer.echo(explained(error), err=True)
        raise typer.Exit(1) from None


@app.command()
def invite() -> None:
    """Print a single-use link that lets somebody open shops (DAIFA_REGISTRATION=invite)."""
    from app.failures import STARTING, explained
    from app.inviting import invitation

    try:
        typer.echo(asyncio.run(invitation(_settings())))
    except STARTING as error:
        typer.echo(explained(error), err=True)
        raise typer.Exit(1) from None


shop = typer.Typer(no_args_is_help=True, help="An operator suspends a shop, or resumes it.")
app.add_typer(shop, name="shop")


@shop.command()
def suspend(
    number: Annotated[str, typer.Argument(help="the shop's number, as people see it in /shop")],
    why: Annotated[str, typer.Option(help="what its people read: why, and whom to ask")] = "",
) -> None:
    """Let a shop wait as it is: its people, keys and platforms do nothing, nothing is lost."""
    from app.suspending import suspended

    _on_shop(suspended(_kept(), number, why))


@shop.command()
def resume(number: Annotated[str, typer.Argument(help="the shop's number")]) -> None:
    """Let a suspended shop go on where it was."""
    from app.suspending import resumed

    _on_shop(resumed(_kept(), number))


def _on_shop(work: Coroutine[Any, Any, str]) -> None:
    from app.failures import STARTING, explained
    from app.suspending import NoSuchShop

    try:
        typer.echo(asyncio.run(work))
    except (*STARTING, NoSuchShop) as error:
        typer.echo(explained(error), err=True)
        raise typer.Exit(1) from None


@app.command()
def playground(
    port: Annotated[int | None, typer.Option(help="DAIFA_PLAYGROUND_PORT unless given")] = None,
    data: Annotated[Path | None, typer.Option(help="where its chats are kept")] = None,
) -> None:
    """Only the playground, for a bot started elsewhere with DAIFA_TELEGRAM_API pointing here."""
    from playground.config import Config
    from playground.server import run as serve

    settings = _settings()
    folder = data or settings.var / "playground" / "telegram"
    serve(
        Config(data=folder),
        settings.host,
        settings.playground_port if port is None else port,
        lambda address: typer.echo(f"Playground: {address}"),
    )


add_to(app, _settings, _kept)


def main() -> None:
    """Run the command line."""
    app(prog_name="daifa")


if __name__ == "__main__":
    main()
