"""Commands about where everything is kept, for operators and supervisors: prepare, ready, move."""

import asyncio
from collections.abc import Callable
from typing import Annotated

import typer

from app.settings import Settings

Ask = Callable[[], Settings]


def add_to(app: typer.Typer, settings: Ask, kept: Ask) -> None:
    """Add them; `kept` gives the settings of what is kept, without a token the playground's."""

    @app.command()
    def prepare() -> None:
        """Bring the database to this version's tables and make the keys where there are none."""
        from app.preparing import prepare as prepared

        _say(lambda: asyncio.run(prepared(kept())))

    @app.command()
    def ready() -> None:
        """Ask the daifa on this machine's DAIFA_PORT whether it is ready; exit code 1 if not."""
        from app.readiness import ready as asked

        well, said = asked(settings())
        typer.echo(said, err=not well)
        raise typer.Exit(0 if well else 1)

    @app.command()
    def move(
        back: Annotated[
            bool, typer.Option("--back", help="work with the file again, as it stood then")
        ] = False,
    ) -> None:
        """Move the SQLite file's installation into DAIFA_DATABASE_URL, compared row for row."""
        from app.moving import move_back, move_over

        if back:
            _say(lambda: move_back(kept()))
        else:
            _say(lambda: asyncio.run(move_over(kept(), typer.echo)))


def _say(work: Callable[[], str]) -> None:
    from app.failures import STARTING, explained
    from storage.moving.refusals import MoveError

    try:
        typer.echo(work())
    except (*STARTING, MoveError) as error:
        typer.echo(explained(error), err=True)
        raise typer.Exit(1) from None
