"""token.create and token.refresh: a code, or a shop of one's own application, becomes a token.

The wire page names the calls; parameters and answers are those public clients use. A code lasts
ten minutes and works once; refreshing kills the pair that was refreshed.
"""

from typing import Any, Literal

from sandbox import tokens
from sandbox.doudian import refusals as refuse
from sandbox.doudian.calling import Done
from sandbox.errors import ControlError
from sandbox.gateway import Strict
from sandbox.tokens import Pair, TokenError
from sandbox.world import World


class Create(Strict):
    grant_type: Literal["authorization_code", "authorization_self"]
    code: str = ""
    shop_id: int | str | None = None
    test_shop: str = ""
    auth_id: str = ""
    auth_subject_type: str = ""


class Refresh(Strict):
    grant_type: Literal["refresh_token"]
    refresh_token: str


def _failed(why: str, said: str) -> refuse.Refused:
    return refuse.Refused(50001, f"dop.token-generate-failed:{why}", f"生成token失败，{said}")


def create(world: World, asked: Create) -> Any:
    if asked.grant_type == "authorization_self":
        return _own(world, asked)
    try:
        return _told(world, tokens.exchange(world, "doudian", asked.code))
    except TokenError as error:
        if error.why == "expired":
            raise _failed("code-expired", "code已经失效") from None
        raise _failed("code-invalid", "code参数不正确，请引导商家重新授权") from None


def _own(world: World, asked: Create) -> Any:
    try:
        shop = world.shop(int(asked.shop_id or 0))
    except (ControlError, ValueError):
        raise _failed("no-authorization", "店铺未授权") from None
    if shop.platform != "doudian":
        raise _failed("no-authorization", "店铺未授权")
    return _told(world, tokens.issue(world, shop))


def refresh(world: World, asked: Refresh) -> Any:
    try:
        return _told(world, tokens.refresh(world, "doudian", asked.refresh_token))
    except TokenError as error:
        if error.why == "expired":
            raise _failed("token-expired", "token已过期") from None
        raise _failed("token-invalid", "token不存在") from None


def _told(world: World, pair: Pair) -> dict[str, Any]:
    shop = world.shop(pair.shop)
    return {
        "access_token": pair.access,
        "expires_in": pair.expires_in,
        "refresh_token": pair.refresh,
        "scope": "SCOPE",
        "shop_id": shop.id,
        "shop_name": shop.name,
        "authority_id": str(shop.id),
        "auth_subject_type": "",
    }


CALLS = {"token.create": Done(Create, create), "token.refresh": Done(Refresh, refresh)}
