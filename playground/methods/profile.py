"""What a bot says about itself: name, descriptions, command menus, menu button."""

import re
from typing import Any

from playground.errors import bad_request
from playground.menus import scope_key
from playground.messages import user
from playground.methods import Call, method
from playground.methods.chats import room_of

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


@method("getMe")
def get_me(call: Call) -> Any:
    return {
        **user(call.bot),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _language(call: Call) -> str:
    language: str = call.get("language_code", "")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return language


def _scope(call: Call) -> str:
    scope = call.get("scope")
    if scope and "chat_id" in scope:
        room_of(call, scope["chat_id"], write=False)
    return scope_key(scope)


@method("setMyCommands")
def set_my_commands(call: Call) -> Any:
    commands = call.params["commands"]
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        command["command"] = command["command"].removeprefix("/")
        if not _COMMAND.fullmatch(command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    call.world.menus.put(call.bot, _scope(call), _language(call), commands)
    _menus_changed(call)
    return True


@method("deleteMyCommands")
def delete_my_commands(call: Call) -> Any:
    call.world.menus.delete(call.bot, _scope(call), _language(call))
    _menus_changed(call)
    return True


@method("getMyCommands")
def get_my_commands(call: Call) -> Any:
    return call.world.menus.get(call.bot, _scope(call), _language(call))


def _menus_changed(call: Call) -> None:
    everybody = [person.id for person in call.world.rooms.people()]
    call.world.events.add("commands", everybody, call.bot.id)


def _keep(call: Call, kind: str, field: str, limit: int) -> bool:
    """Keep one localised text of the bot's; an empty one is removed."""
    text = call.get(field, "")
    if len(text) > limit:
        raise bad_request(f"bot {kind.replace('_', ' ')} is too long")
    settings = call.world.rooms.settings(call.bot)
    texts = settings.setdefault(kind, {})
    texts.pop(_language(call), None)
    if text:
        texts[_language(call)] = text
    call.world.rooms.keep_settings(call.bot, settings)
    return True


def _kept(call: Call, kind: str, field: str, default: str = "") -> dict[str, str]:
    texts = call.world.rooms.settings(call.bot).get(kind, {})
    return {field: texts.get(_language(call)) or texts.get("", default)}


@method("setMyName")
def set_my_name(call: Call) -> Any:
    _keep(call, "name", "name", 64)
    if not _language(call) and call.get("name"):
        call.world.rooms.rename_bot(call.bot, call.get("name"))
    return True


@method("getMyName")
def get_my_name(call: Call) -> Any:
    return _kept(call, "name", "name", call.bot.first_name)


@method("setMyDescription")
def set_my_description(call: Call) -> Any:
    return _keep(call, "description", "description", 512)


@method("getMyDescription")
def get_my_description(call: Call) -> Any:
    return _kept(call, "description", "description")


@method("setMyShortDescription")
def set_my_short_description(call: Call) -> Any:
    return _keep(call, "short_description", "short_description", 120)


@method("getMyShortDescription")
def get_my_short_description(call: Call) -> Any:
    return _kept(call, "short_description", "short_description")


@method("setChatMenuButton")
def set_chat_menu_button(call: Call) -> Any:
    settings = call.world.rooms.settings(call.bot)
    button = call.get("menu_button", {"type": "default"})
    settings.setdefault("menu_buttons", {})[str(_button_chat(call))] = button
    call.world.rooms.keep_settings(call.bot, settings)
    return True


@method("getChatMenuButton")
def get_chat_menu_button(call: Call) -> Any:
    buttons = call.world.rooms.settings(call.bot).get("menu_buttons", {})
    return buttons.get(str(_button_chat(call))) or buttons.get("0") or {"type": "default"}


def _button_chat(call: Call) -> int:
    if "chat_id" not in call.params:
        return 0
    return room_of(call, call.params["chat_id"], write=False).person
