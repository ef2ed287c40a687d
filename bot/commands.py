"""The commands, in Latin for Telegram's menu and in Chinese words typed as text."""

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bot.texts import Translator
from core.text.plain import visible

Audience = Literal["all", "shops", "merchant", "factory"]


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its Latin name, the Chinese words that mean it, whose menu shows it."""

    name: str
    words: tuple[str, ...]
    audience: Audience = "all"


COMMANDS: tuple[Command, ...] = (
    Command("assign", ("分配",), "merchant"),
    Command("orders", ("订单",), "shops"),
    Command("overdue", ("逾期", "逾期订单"), "shops"),
    Command("rules", ("自动分配", "规则"), "merchant"),
    Command("find", ("查找", "搜索"), "shops"),
    Command("why", ("历史",), "shops"),
    Command("template", ("模板",), "merchant"),
    Command("export", ("导出", "对账"), "shops"),
    Command("stats", ("统计", "日报"), "shops"),
    Command("factories", ("厂家管理", "厂家"), "merchant"),
    Command("bind", ("绑定厂家", "绑定"), "merchant"),
    Command("merchants", ("商家管理", "商家"), "factory"),
    Command("link", ("绑定链接", "二维码", "链接"), "factory"),
    Command("shop", ("店铺", "我的店铺"), "shops"),
    Command("settings", ("设置", "免打扰"), "shops"),
    Command("platform", ("平台", "连接平台"), "shops"),
    Command("apikey", ("接口密钥", "密钥"), "shops"),
    Command("webhook", ("推送地址", "推送"), "shops"),
    Command("staff", ("员工", "员工管理"), "shops"),
    Command("here", ("本群接收", "在此接收"), "shops"),
    Command("switch", ("切换店铺", "切换"), "shops"),
    Command("start", ("开始", "菜单")),
    Command("help", ("帮助",)),
    Command("lang", ("语言",)),
    Command("cancel", ("取消",)),
)
# Words for one tab of /orders.
TAB_WORDS = {
    "待分配": "unassigned",
    "待发货": "to_ship",
    "已发货": "shipped",
    "有变更": "changed",
    "售后": "stopped",
    "已取消": "stopped",
}
HERE_OFF = frozenset({"取消本群接收", "取消在此接收"})


class Said(NamedTuple):
    """A command and what was said after it."""

    name: str
    args: str


def summary(t: Translator, name: str) -> str:
    """Return a command's line in Telegram's menu and in /help."""
    return {
        "assign": t("Assign orders to a factory"),
        "orders": t("See orders"),
        "overdue": t("See what is past its deadline"),
        "rules": t("Rules that assign new orders by themselves"),
        "find": t("Find an order by number, code, tag or tracking number"),
        "why": t("An order's whole history: who did what, when"),
        "template": t("A sheet to fill in, for orders without an export"),
        "export": t("Download shipped orders with tracking numbers"),
        "stats": t("Figures of the last days, as a picture"),
        "factories": t("My factories: aliases, unbinding"),
        "bind": t("Bind a factory by its number"),
        "merchants": t("My merchants: aliases, unbinding"),
        "link": t("My binding link and QR picture"),
        "shop": t("My shop: name and ship-from"),
        "settings": t("Reminders, quiet hours"),
        "platform": t("My shops on selling platforms: link them, see how they go"),
        "apikey": t("Keys for my own programs"),
        "webhook": t("Addresses of my programs that are told what happens"),
        "staff": t("My shop's people: invite, remove"),
        "here": t("In a group: the shop's alerts come here"),
        "switch": t("Switch to another of my shops, or open one"),
        "start": t("Menu"),
        "help": t("What I can do now"),
        "lang": t("Language / 语言"),
        "cancel": t("Stop what is being asked"),
    }[name]


def menu_for(role: str | None) -> list[Command]:
    """Return the commands that a person acting for a shop of that role (or none) can use."""
    audiences = {"all"} if role is None else {"all", "shops", role}
    return [command for command in COMMANDS if command.audience in audiences]


_WORDS = sorted(
    [(word, command.name) for command in COMMANDS for word in command.words],
    key=lambda pair: -len(pair[0]),
)
_SLASH = re.compile(r"/([A-Za-z0-9_]+)(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)


def read_command(text: str, username: str) -> Said | None:
    """Return the command in a text: `/name args`, `/name@bot args`, or Chinese words.

    A command for another bot is none. A Chinese word counts when the text ends with it, or goes
    on after a blank or with a Latin character or digit (`绑定F7K2Q9X`).
    """
    plain = visible(text).strip()
    slash = _SLASH.fullmatch(plain)
    if slash:
        name, bot, args = slash.groups()
        if bot and bot.lower() != username.lower():
            return None
        return Said(name.lower(), (args or "").strip())
    if plain in HERE_OFF:
        return Said("here", "off")
    if plain in TAB_WORDS:
        return Said("orders", TAB_WORDS[plain])
    for word, name in _WORDS:
        rest = plain.removeprefix(word)
        if rest != plain and (not rest or rest[0].isspace() or rest[0].isascii()):
            return Said(name, rest.strip())
    return None
