"""The people and the bot every playground starts with; sample data reads the ids here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = "zh-hans"


@dataclass(frozen=True)
class BotAccount:
    """`token` starts with the bot's id, as Telegram's do."""

    token: str
    username: str
    first_name: str

    @property
    def id(self) -> int:
        return int(self.token.split(":", 1)[0])


LIN_XIAOMAN = Person(1001, "林小满", "linxiaoman")
WANG_DALI = Person(2001, "王大力", "wangdali")
ZHAO_MIN = Person(2002, "赵敏", "zhaomin")
SUN_LI = Person(2003, "孙丽", "sunli")
CHEN_XIN = Person(3001, "陈新", "chenxin")

DEFAULT_PEOPLE = (LIN_XIAOMAN, WANG_DALI, ZHAO_MIN, CHEN_XIN, SUN_LI)
DEFAULT_BOT = BotAccount("7000000001:PLAYGROUND-TOKEN-not-a-secret-000000000", "daifa_bot", "代发")

# In whose name Telegram passes on what no person has written.
ANONYMOUS_ADMIN = BotAccount("1087968824:", "GroupAnonymousBot", "Group")
LINKED_CHANNEL = Person(777000, "Telegram", None, None)
SERVICE_USERS = {one.id: one for one in (ANONYMOUS_ADMIN, LINKED_CHANNEL)}
