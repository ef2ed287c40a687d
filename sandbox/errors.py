"""What the sandbox refuses its own operator; each gateway has its platform's refusals itself."""

from pydantic import ValidationError


class ControlError(Exception):
    """What cannot be done from the control side; 400 unless the thing does not exist (404)."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


def first_of(error: ValidationError) -> str:
    """Where and why a value does not fit, in one line."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}"


def unknown(what: str) -> ControlError:
    return ControlError(f"there is no {what}", 404)
