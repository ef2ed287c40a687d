"""Why a move was not made, or not to its end; each message says what to do."""

from collections.abc import Sequence


class MoveError(Exception):
    """The file is as it was; the message says why and what to do."""


class MoveRefused(MoveError):
    """Nothing was moved."""


class MoveCutShort(MoveError):
    """Something came between; what is there stays, and the same command goes on."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(
            f"The move into {where} was cut short ({reason}). The file is as it was. "
            "Run daifa move again: it goes on where it stopped."
        )


class MoveDiffers(MoveError):
    """What came there is not what is in the file."""

    def __init__(self, where: str, tables: Sequence[str]) -> None:
        super().__init__(
            f"What is in {where} differs from the file in: {', '.join(tables)}. Nobody may work "
            "with it; the file is as it was. Run daifa move again: it begins anew."
        )
        self.tables = tables
