"""Authorisation: codes for which tokens are given; tokens that expire, are replaced, are revoked.

A code works once. A refreshed token pair is dead; whoever still holds it must use the new one.
"""

import secrets
from dataclasses import dataclass

from sandbox.cast import Platform, Shop
from sandbox.world import World


@dataclass(frozen=True)
class Pair:
    shop: int
    access: str
    refresh: str
    expires_in: int
    refresh_expires_in: int


class TokenError(Exception):
    """`why`: unknown, used, expired, replaced."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def give_code(world: World, shop: Shop) -> str:
    code = secrets.token_urlsafe(24)
    expires = world.now() + world.config.code_lives[shop.platform]
    world.database.run("INSERT INTO codes VALUES(?, ?, ?, 0)", code, shop.id, expires)
    return code


def exchange(world: World, platform: Platform, code: str) -> Pair:
    """Raises `TokenError`."""
    row = world.database.row("SELECT * FROM codes WHERE code = ?", code)
    if row is None or world.shop(row["shop"]).platform != platform:
        raise TokenError("unknown")
    if row["used"]:
        raise TokenError("used")
    if row["expires"] <= world.now():
        raise TokenError("expired")
    world.database.run("UPDATE codes SET used = 1 WHERE code = ?", code)
    return issue(world, world.shop(row["shop"]))


def issue(world: World, shop: Shop) -> Pair:
    access, refresh = secrets.token_hex(16), secrets.token_hex(16)
    life = world.config.token_lives[shop.platform]
    now = world.now()
    world.database.run(
        "INSERT INTO tokens VALUES(?, ?, ?, ?, ?, 0)",
        access,
        refresh,
        shop.id,
        now + life,
        now + world.config.refresh_life,
    )
    return Pair(shop.id, access, refresh, int(life), int(world.config.refresh_life))


def refresh(world: World, platform: Platform, token: str) -> Pair:
    """Raises `TokenError`."""
    row = world.database.row("SELECT * FROM tokens WHERE refresh = ?", token)
    if row is None or world.shop(row["shop"]).platform != platform:
        raise TokenError("unknown")
    if row["replaced"]:
        raise TokenError("replaced")
    if row["refresh_expires"] <= world.now():
        raise TokenError("expired")
    world.database.run("UPDATE tokens SET replaced = 1 WHERE refresh = ?", token)
    return issue(world, world.shop(row["shop"]))


def holder(world: World, platform: Platform, access: str) -> Shop:
    """The shop in whose name a call is made. Raises `TokenError`."""
    row = world.database.row(
        "SELECT t.shop, t.expires, t.replaced, s.platform FROM tokens t JOIN shops s "
        "ON s.id = t.shop WHERE t.access = ?",
        access,
    )
    if row is None or row["platform"] != platform:
        raise TokenError("unknown")
    if row["replaced"]:
        raise TokenError("replaced")
    if row["expires"] <= world.now():
        raise TokenError("expired")
    return world.shop(row["shop"])


def expire(world: World, platform: Platform, shop: int | None) -> int:
    """Let access tokens end now; refresh tokens stay good. How many ended."""
    return world.database.run(
        "UPDATE tokens SET expires = ?1 WHERE expires > ?1 AND NOT replaced AND shop IN "
        "(SELECT id FROM shops WHERE platform = ?2 AND ?3 IN (0, id))",
        world.now(),
        platform,
        shop or 0,
    )


def revoke(world: World, shop: int) -> None:
    """The shop takes its authorisation back: tokens and codes are gone."""
    world.database.run("DELETE FROM tokens WHERE shop = ?", shop)
    world.database.run("DELETE FROM codes WHERE shop = ?", shop)


def authorised(world: World, shop: int) -> bool:
    """Whether the shop's messages are sent at all."""
    row = world.database.row("SELECT 1 FROM tokens WHERE shop = ? LIMIT 1", shop)
    return row is not None
