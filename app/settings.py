"""What the operator may decide, read from `DAIFA_*` in the environment or in `.env`.

Everything has a default that works, so an empty environment starts the playground. `.env.example`
names each setting; a test keeps it and this class in step.
"""

import base64
import binascii
import difflib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

if TYPE_CHECKING:
    from sqlalchemy import URL

PREFIX = "DAIFA_"
TELEGRAM = "https://api.telegram.org"
DOUDIAN = "https://openapi-fxg.jinritemai.com"
DOUDIAN_AUTHORISE = "https://fuwu.jinritemai.com/authorize"
KUAISHOU = "https://openapi.kwaixiaodian.com"
KUAISHOU_AUTHORISE = "https://open.kwaixiaodian.com/oauth/authorize"
_WEBHOOK_PORTS = {None, 443, 80, 88, 8443}  # https://core.telegram.org/bots/api#setwebhook

_RULES = {
    "value_error": "{error}",
    "literal_error": "must be {expected}",
    "bool_parsing": "must be true or false",
    "string_pattern_mismatch": "must have digits only",
    "int_parsing": "must be a whole number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}
# Paths that follow from another setting are only worked out once every other setting is right.
_FOLLOWS = "default_factory_not_called"


class SettingsError(Exception):
    """Some settings cannot be used; one sentence each, naming the variable and never its value."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def _token(token: SecretStr) -> SecretStr:
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token.get_secret_value()):
        raise ValueError("is not a bot token; copy it whole from @BotFather (123456789:AA…)")
    return token


def _webhook_secret(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
        raise ValueError("may have 1 to 256 letters, digits, _ and -, as Telegram asks")
    return secret


def _message_key(key: SecretStr) -> SecretStr:
    try:
        size = len(base64.b64decode(key.get_secret_value(), validate=True))
    except binascii.Error:
        size = 0
    if size not in {16, 24, 32}:
        raise ValueError("is not a message key; copy it whole from the platform's console")
    return key


def _address(*schemes: str) -> AfterValidator:
    def check(url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in schemes or not parts.hostname or parts.query or parts.fragment:
            raise ValueError(f"must be an address that begins with {' or '.join(schemes)}://")
        return url.rstrip("/")

    return AfterValidator(check)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise ValueError("is not a known time zone; write it as Asia/Shanghai") from None
    return name


def _redis(url: str) -> str:
    if not re.match(r"(rediss?|unix)://.", url):
        raise ValueError("must be an address that begins with redis://, rediss:// or unix://")
    return url


def _server(url: str) -> str:
    from storage.server_url import server_url

    return server_url(url).render_as_string(hide_password=False)


Port = Annotated[int, Field(ge=0, le=65535)]
WebAddress = Annotated[str, _address("http", "https")]
RedisAddress = Annotated[str, AfterValidator(_redis)]
ServerAddress = Annotated[str, AfterValidator(_server)]
ProxyAddress = Annotated[str, _address("http", "https", "socks5", "socks5h")]
Level = Annotated[
    Literal["DEBUG", "INFO", "WARNING", "ERROR"],
    BeforeValidator(lambda level: level.upper() if isinstance(level, str) else level),
]


class Settings(BaseSettings):
    """All settings, checked. Read them with `load()`; times are in the unit their name says."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore",
        frozen=True,
    )  # fmt: skip

    bot_token: Annotated[SecretStr, AfterValidator(_token)] | None = None
    registration: Literal["open", "invite"] = "open"
    public_url: WebAddress | None = None
    webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] | None = None
    host: str = "127.0.0.1"
    port: Port = 8080
    playground_port: Port = 8081
    sandbox_port: Port = 8082
    metrics_port: Port = 9464
    telegram_api: WebAddress = TELEGRAM
    proxy: ProxyAddress | None = Field(default=None, repr=False)  # may hold a password
    var: Path = Path("var")
    database_path: Path = Field(default_factory=lambda known: known["var"] / "daifa.sqlite3")
    database_url: ServerAddress | None = Field(default=None, repr=False)  # holds a password
    redis_url: RedisAddress | None = Field(default=None, repr=False)  # may hold one
    keys_path: Path = Field(default_factory=lambda known: known["var"] / "keys.json")
    backup_path: Path = Field(default_factory=lambda known: known["var"] / "backups")
    backup_hours: Annotated[int, Field(ge=0, le=168)] = 24
    backup_keep_days: Annotated[int, Field(ge=1, le=365)] = 14
    column_aliases: Path | None = None
    doudian_app_key: Annotated[str, Field(pattern=r"^\d{1,32}$")] | None = None
    doudian_secret: SecretStr | None = None
    doudian_service_id: str = ""
    doudian_url: WebAddress = DOUDIAN
    doudian_authorise_url: WebAddress = DOUDIAN_AUTHORISE
    kuaishou_app_key: str | None = None
    kuaishou_secret: SecretStr | None = None
    kuaishou_sign_secret: SecretStr | None = None
    kuaishou_message_key: Annotated[SecretStr, AfterValidator(_message_key)] | None = None
    kuaishou_sign_method: Literal["HMAC_SHA256", "MD5"] = "HMAC_SHA256"
    kuaishou_url: WebAddress = KUAISHOU
    kuaishou_authorise_url: WebAddress = KUAISHOU_AUTHORISE
    platform_values: Path | None = None
    log_format: Literal["console", "json"] = "console"
    log_level: Level = "INFO"
    default_lang: Literal["zh_CN", "en"] = "zh_CN"
    protect_recipients: bool = True
    # A bot can delete its messages for 48 hours: https://core.telegram.org/bots/api#deletemessage
    vanish_after_seconds: Annotated[int, Field(ge=10, le=86400)] = 300
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 30
    bind_expires_days: Annotated[int, Field(ge=1, le=365)] = 7
    peek_quota_floor: Annotated[int, Field(ge=1)] = 300
    time_zone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"
    webhooks_private: bool = False
    # Telegram's own limit is about 30: https://core.telegram.org/bots/faq#broadcasting-to-users
    alerts_per_second: Annotated[int, Field(ge=1, le=30)] = 25

    @property
    def server(self) -> "URL | None":
        """The PostgreSQL server of `database_url`; None where a SQLite file is the database."""
        if self.database_url is None:
            return None
        from sqlalchemy import make_url

        return make_url(self.database_url)

    @property
    def zone(self) -> ZoneInfo:
        """The zone people's dates are shown in."""
        return ZoneInfo(self.time_zone)

    @model_validator(mode="after")
    def _reachable_by_telegram(self) -> Self:
        if self.public_url is None or self.telegram_api != TELEGRAM:
            return self
        parts = urlsplit(self.public_url)
        if parts.scheme != "https" or parts.port not in _WEBHOOK_PORTS:
            raise ValueError(
                "DAIFA_PUBLIC_URL must begin with https:// and use port 443, 80, 88 or 8443, "
                "or Telegram will not call it; leave it empty to poll instead."
            )
        return self

    @model_validator(mode="after")
    def _whole_application(self) -> Self:
        if (self.doudian_app_key is None) != (self.doudian_secret is None):
            raise ValueError(
                "DAIFA_DOUDIAN_APP_KEY and DAIFA_DOUDIAN_SECRET belong together; set both or none."
            )
        return self

    @model_validator(mode="after")
    def _whole_kuaishou(self) -> Self:
        parts = (self.kuaishou_app_key, self.kuaishou_secret, self.kuaishou_sign_secret,
                 self.kuaishou_message_key)  # fmt: skip
        if any(one is None for one in parts) and any(one is not None for one in parts):
            raise ValueError(
                "DAIFA_KUAISHOU_APP_KEY, DAIFA_KUAISHOU_SECRET, DAIFA_KUAISHOU_SIGN_SECRET and "
                "DAIFA_KUAISHOU_MESSAGE_KEY belong together; set all four or none."
            )
        return self

    @model_validator(mode="after")
    def _own_ports(self) -> Self:
        named = {
            "DAIFA_PORT": self.port, "DAIFA_PLAYGROUND_PORT": self.playground_port,
            "DAIFA_SANDBOX_PORT": self.sandbox_port, "DAIFA_METRICS_PORT": self.metrics_port,
        }  # fmt: skip
        taken: dict[int, str] = {}
        for name, port in named.items():
            if port and port in taken:
                raise ValueError(f"{taken[port]} and {name} must differ; change one.")
            taken[port] = name
        return self


def load(env_file: Path | None = Path(".env")) -> Settings:
    """The settings; the environment goes before `env_file`, which may be missing.

    Raises `SettingsError`, also for a `DAIFA_*` variable that means nothing: a misspelt name would
    otherwise quietly leave its default in force.
    """
    sentences = _misspelt(env_file)
    try:
        settings = Settings(_env_file=env_file)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        sentences += [_sentence(detail) for detail in details if detail["type"] != _FOLLOWS]
    if sentences:
        # Not chained: the validation error quotes the values.
        raise SettingsError(sentences) from None
    return settings


def _misspelt(env_file: Path | None) -> list[str]:
    known = [name.upper() for name in Settings.model_fields]
    given = {*os.environ, *(dotenv_values(env_file) if env_file else ())}
    sentences = []
    for variable in sorted(name for name in given if name.startswith(PREFIX)):
        name = variable.removeprefix(PREFIX)
        if name not in known:
            nearest = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {PREFIX}{nearest[0]}?" if nearest else "see .env.example."
            sentences.append(f"{variable} is not a setting; {hint}")
    return sentences


def _sentence(detail: ErrorDetails) -> str:
    """One plain sentence from one of pydantic's errors."""
    context = detail.get("ctx", {})
    if not detail["loc"]:
        return str(context["error"])  # a rule over several settings names them itself
    rule = _RULES.get(detail["type"], detail["msg"].replace("{", "{{").replace("}", "}}"))
    return f"{PREFIX}{str(detail['loc'][0]).upper()} {rule.format(**context)}."
