"""The operator's settings: defaults that work, mistakes said plainly, nothing secret repeated."""

import os
import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.settings import PREFIX, Settings, SettingsError, load

EXAMPLE = Path(__file__).parents[2] / ".env.example"
TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz-_01234"


@pytest.fixture(autouse=True)
def _a_clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


def refused(tmp_path: Path, content: str) -> str:
    env_file = tmp_path / ".env"
    env_file.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(env_file)
    assert caught.value.sentences
    assert str(caught.value) == "\n".join(caught.value.sentences)
    assert caught.value.__suppress_context__
    return str(caught.value)


def test_an_empty_environment_works() -> None:
    settings = load(None)
    assert settings.bot_token is None
    assert settings.database_path == Path("var/daifa.sqlite3")
    assert settings.keys_path == Path("var/keys.json")
    assert settings.zone.key == "Asia/Shanghai"


def test_the_example_names_every_setting_with_its_default_and_nothing_else() -> None:
    named = re.findall(r"^(\w+)=", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert named == [f"{PREFIX}{field.upper()}" for field in Settings.model_fields]
    assert load(EXAMPLE) == load(None)


def test_the_example_explains_every_setting_in_both_languages() -> None:
    for block in EXAMPLE.read_text(encoding="utf-8").strip().split("\n\n")[1:]:
        *comment, setting = block.splitlines()
        assert setting.startswith(PREFIX)
        assert re.search(r"[一-鿿]", comment[0])
        assert not re.search(r"[一-鿿]", "".join(comment[1:]))
        assert len(comment) >= 2


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(f"DAIFA_BOT_TOKEN={TOKEN}\nDAIFA_PORT=9000\nDAIFA_VAR=/data\n")
    monkeypatch.setenv("DAIFA_PORT", "9001")
    monkeypatch.setenv("DAIFA_KEYS_PATH", "/safe/keys.json")
    settings = load(tmp_path / ".env")
    assert settings.bot_token == SecretStr(TOKEN)
    assert settings.port == 9001
    assert settings.database_path == Path("/data/daifa.sqlite3")
    assert settings.keys_path == Path("/safe/keys.json")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("DAIFA_BOT_TOKEN=secret-thing", "DAIFA_BOT_TOKEN is not a bot token; copy it whole"),
        ("DAIFA_WEBHOOK_SECRET=secret thing", "DAIFA_WEBHOOK_SECRET may have 1 to 256 letters"),
        ("DAIFA_REGISTRATION=closed", "DAIFA_REGISTRATION must be 'open' or 'invite'."),
        ("DAIFA_PORT=80a", "DAIFA_PORT must be a whole number."),
        ("DAIFA_PORT=70000", "DAIFA_PORT must be at most 65535."),
        ("DAIFA_VANISH_AFTER_SECONDS=0", "DAIFA_VANISH_AFTER_SECONDS must be at least 10."),
        ("DAIFA_PROTECT_RECIPIENTS=maybe", "DAIFA_PROTECT_RECIPIENTS must be true or false."),
        ("DAIFA_TIME_ZONE=Shanghai", "DAIFA_TIME_ZONE is not a known time zone"),
        ("DAIFA_TIME_ZONE=../etc", "DAIFA_TIME_ZONE is not a known time zone"),
        ("DAIFA_PROXY=secret-thing:99", "DAIFA_PROXY must be an address that begins with http or"),
        ("DAIFA_PUBLIC_URL=bot.example", "DAIFA_PUBLIC_URL must be an address"),
        ("DAIFA_PUBLIC_URL=http://bot.example", "DAIFA_PUBLIC_URL must begin with https://"),
        ("DAIFA_PUBLIC_URL=https://bot.example:9443", "port 443, 80, 88 or 8443"),
        ("DAIFA_PLAYGROUND_PORT=8080", "DAIFA_PORT and DAIFA_PLAYGROUND_PORT must differ"),
        ("DAIFA_BOT_TOKN=secret-thing", "DAIFA_BOT_TOKN is not a setting; did you mean"),
        ("DAIFA_WEATHER=fine", "DAIFA_WEATHER is not a setting; see .env.example."),
        ("DAIFA_LOG_LEVEL=loud", "DAIFA_LOG_LEVEL must be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'."),
    ],
)
def test_a_mistake_is_one_sentence_that_names_the_variable(
    tmp_path: Path, line: str, sentence: str
) -> None:
    said = refused(tmp_path, line)
    assert sentence in said
    assert "\n" not in said
    assert "secret" not in said.replace("WEBHOOK_SECRET", "")


def test_a_platforms_secrets_belong_together_and_are_shown_nowhere(tmp_path: Path) -> None:
    key = "c2FuZGJveCBtc2cga2V5IQ=="
    lines = [
        "DAIFA_KUAISHOU_APP_KEY=ks7", f"DAIFA_KUAISHOU_MESSAGE_KEY={key}",
        "DAIFA_KUAISHOU_SECRET=hidden-1", "DAIFA_KUAISHOU_SIGN_SECRET=hidden-2",
    ]  # fmt: skip
    assert "set all four or none" in refused(tmp_path, "\n".join(lines[:3]))
    short = refused(tmp_path, "DAIFA_KUAISHOU_MESSAGE_KEY=c2hvcnQ=")
    assert "is not a message key" in short
    assert "c2hvcnQ" not in short
    (tmp_path / ".env").write_text("\n".join(lines))
    settings = load(tmp_path / ".env")
    assert settings.kuaishou_app_key == "ks7"
    assert not any(secret in repr(settings) for secret in (key, "hidden"))


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    said = refused(tmp_path, "DAIFA_PORT=x\nDAIFA_REGISTRATION=y\nDAIFA_PROT=1\n")
    assert [line.split()[0] for line in said.splitlines()] == [
        "DAIFA_PROT",
        "DAIFA_REGISTRATION",
        "DAIFA_PORT",
    ]


def test_a_webhook_over_plain_http_is_fine_for_a_bot_api_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "DAIFA_TELEGRAM_API=http://127.0.0.1:8081/\nDAIFA_PUBLIC_URL=http://127.0.0.1:8080/\n"
        "DAIFA_LOG_LEVEL=debug\nDAIFA_PROXY=socks5://me:hidden@127.0.0.1:1080\n"
    )
    settings = load(tmp_path / ".env")
    assert settings.telegram_api == "http://127.0.0.1:8081"
    assert settings.public_url == "http://127.0.0.1:8080"
    assert settings.log_level == "DEBUG"
    assert "hidden" not in repr(settings)
