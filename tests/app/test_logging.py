"""Whatever is logged, by whom and however it fails: no secret and no person comes out."""

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from app.logging import configure
from app.stripping import Stripper

TOKEN = "7123456789:AAEabcdefghijklmnopqrstuvwxyz-_01234"
NAME, PHONE, STREET = "王小明", "13812345678", "浙江省杭州市西湖区文三路 1 号 2 幢 301"
SECRET = "hush-hush"
CANARIES = (TOKEN, TOKEN.split(":")[1], NAME, PHONE, "文三路", SECRET)


class Log(io.StringIO):
    """What was written, and the check every test ends with."""

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]

    @property
    def last(self) -> dict[str, Any]:
        return self.lines[-1]


@pytest.fixture(params=["json", "console"])
def log(request: pytest.FixtureRequest) -> Iterator[Log]:
    """Logging set up as the product does, in both formats, put back afterwards."""
    root = logging.getLogger()
    kept = root.handlers, root.level, sys.excepthook, threading.excepthook
    log = Log()
    configure(request.param, "DEBUG", secrets=[SECRET], stream=log)
    yield log
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    root.handlers, root.level, sys.excepthook, threading.excepthook = kept
    written = log.getvalue()
    assert written
    assert [canary for canary in CANARIES if canary in written] == []


@pytest.fixture
def json_log(log: Log, request: pytest.FixtureRequest) -> Log:
    if request.node.callspec.params["log"] != "json":
        configure("json", "DEBUG", secrets=[SECRET], stream=log)
    return log


@dataclass
class Recipient:
    name: str
    phone: str


class Phone(Enum):
    MINE = PHONE


def write(event: str, **values: Any) -> None:
    structlog.stdlib.get_logger("daifa.test").info(event, **values)


def test_values_under_telling_names_are_hidden_at_any_depth(json_log: Log) -> None:
    write("order read", recipient_name=NAME, order={"buyer": {"id": 7, "nick_name": NAME}}, n=1)
    assert json_log.last["recipient_name"] == "***"
    assert json_log.last["order"] == {"buyer": "***"}
    assert json_log.last["n"] == 1
    write("again", rows=[({"contact-phone": PHONE, "shop_id": 3, "messageText": NAME},)])
    assert json_log.last["rows"] == [[{"contact-phone": "***", "shop_id": 3, "messageText": "***"}]]


def test_what_says_nothing_of_a_person_stays(json_log: Log) -> None:
    kept = {
        "order_no": "6921234567890123456",
        "tracking_number": "SF1399234567890",
        "digits": "139923456789",
        "chat_id": -1001399234567,
        "message_id": 12,
        "has_phone": True,
        "masked": "138****5678",
        "took": 0.5,
        "due": "2026-01-02T03:04:05.123456Z",
    }
    write("kept", **kept, at=datetime(2026, 1, 2, tzinfo=UTC))
    assert json_log.last.items() >= {**kept, "has_phone": True, "took": 0.5}.items()
    assert json_log.last["at"] == "2026-01-02 00:00:00+00:00"
    assert json_log.last["level"] == "info"
    assert json_log.last["logger"] == "daifa.test"


def test_texts_are_searched_for_what_can_be_recognised(log: Log) -> None:
    write(f"POST https://api.telegram.org/bot{TOKEN}/sendMessage")
    write(f"phone {PHONE}", address_is=STREET, line=f"送到{STREET}", where={STREET: 1})
    write("values", a=PHONE, b=int(PHONE), c=[float(PHONE)], d=Phone.MINE, e=PHONE.encode())
    write("url", url=f"socks5://me:{SECRET}@127.0.0.1", header=f"Bearer {SECRET}", x=[SECRET])
    write("objects", who=Recipient(NAME, PHONE), error=ValueError(PHONE))


def test_an_object_is_named_and_not_printed(json_log: Log) -> None:
    write("objects", who=Recipient(NAME, PHONE), what=object(), deep=[[[[[[[[NAME]]]]]]]])
    assert json_log.last["who"] == "<Recipient>"
    assert json_log.last["what"] == "<object>"


@pytest.mark.parametrize(
    "phone",
    [
        "13812345678",
        "+8613812345678",
        "86 13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "18412345678-1234",
        "18412345678转1234",
        "18412345678 转 123456",
        "18412345678#22",
        "电话13812345678。",
        "0571-88888888",
        "010-12345678-801",
    ],
)
def test_every_way_of_writing_a_phone_number_is_recognised(phone: str) -> None:
    assert not any(digit in Stripper().text(phone) for digit in "0123456789")


@given(st.from_regex(r"\d{6,12}:[A-Za-z0-9_-]{30,40}", fullmatch=True), st.text(), st.text())
def test_every_bot_token_is_recognised_in_any_text(token: str, before: str, after: str) -> None:
    for shown in (token, token.replace(":", "%3A")):
        assert token.split(":")[1] not in Stripper().text(f"{before}{shown} {after}")


def test_a_traceback_is_told_without_what_it_quotes(log: Log) -> None:
    try:
        try:
            raise ValueError(f"bad phone {PHONE} in {STREET}")
        except ValueError as error:
            raise RuntimeError(f"https://api.telegram.org/bot{TOKEN}/getMe failed") from error
    except RuntimeError:
        structlog.stdlib.get_logger("daifa.test").exception("sending failed")
        logging.getLogger("aiogram").exception("and once more for %s", PHONE)
    assert log.getvalue().count("RuntimeError: https://api") == 2
    assert log.getvalue().count("ValueError: bad phone") == 2


def test_libraries_errors_do_not_quote_their_input(log: Log) -> None:
    class Order(BaseModel):
        pieces: int

    with pytest.raises(ValidationError) as refused:
        Order.model_validate({"pieces": NAME})
    engine = create_engine("sqlite://")
    with engine.connect() as connection, pytest.raises(OperationalError) as failed:
        connection.execute(text("SELECT * FROM nowhere WHERE a = :a\n"), {"a": f"{NAME}]"})
    engine.dispose()
    for error in (refused.value, failed.value):
        write("failed", error=error, exc_info=error)
    assert "no such table" in log.getvalue()
    assert "unable to parse" in log.getvalue()


def test_the_libraries_go_the_same_way_out(log: Log) -> None:
    for name in ("aiogram.dispatcher", "telegram.Bot", "uvicorn.error", "whoever"):
        logging.getLogger(name).warning("%s and %s", TOKEN, PHONE, extra={"phone": NAME})
    assert log.getvalue().count("and") == 4


def test_chatty_libraries_are_quiet_even_when_debugging(log: Log) -> None:
    write("only this")
    logging.getLogger("httpx").info("HTTP Request: POST https://x/bot%s/getMe", TOKEN)
    logging.getLogger("telegram.ext").debug("parameters %s", NAME)
    logging.getLogger("sqlalchemy.engine.Engine").info("INSERT %s", NAME)
    logging.getLogger("aiogram.event").info("Update id=1 is handled")
    logging.getLogger("uvicorn.access").info("POST /telegram")
    assert len(log.getvalue().splitlines()) == 1


def test_warnings_and_what_ends_a_thread_or_the_process_are_told_alike(log: Log) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        configure("json", "DEBUG", secrets=[SECRET], stream=log)
        warnings.warn(f"about {PHONE}", stacklevel=1)
    assert "py.warnings" in log.getvalue()
    thread = threading.Thread(target=int, args=(f"not a number {PHONE}",))
    thread.start()
    thread.join()
    sys.excepthook(ValueError, ValueError(PHONE), None)
    assert log.getvalue().count("unhandled error") == 2


def test_ctrl_c_is_not_an_error_to_log(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    write("running")
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert "KeyboardInterrupt" in capsys.readouterr().err
    assert len(log.getvalue().splitlines()) == 1


def test_a_line_that_cannot_be_written_is_not_printed_raw(
    log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    write("running")
    record = logging.makeLogRecord({"name": "careless", "msg": "two places %s %s", "args": (NAME,)})
    logging.getLogger().handlers[0].handle(record)
    complaint = capsys.readouterr().err
    assert complaint == "a log line of careless could not be written: TypeError\n"


def test_chinese_is_readable_and_context_is_kept(json_log: Log) -> None:
    with structlog.contextvars.bound_contextvars(update=7, phone=PHONE):
        write("已发送")
    assert "已发送" in json_log.getvalue()
    assert (json_log.last["update"], json_log.last["phone"]) == (7, "***")
