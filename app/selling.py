"""The selling platforms the operator has set up: opened, looked at, told, and heard."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Final

from api.selling import Came, Seller
from app.sellers import open_sellers
from app.settings import Settings
from core.errors import CoreError, DecryptQuotaSpent, RecipientConcealed
from core.platforms.facts import OutsideRole, Push
from core.platforms.opening import opener_of, was_opened, was_spent
from core.platforms.platform_errors import OutsideRoleDiffers, OutsideShopTaken, PlatformAbsent
from core.ports import Store
from core.services import Services
from core.tickets.turns import TicketResult
from core.values import Actor, Concealed, Recipient
from platforms.calling import open_client
from platforms.drawer import Drawer
from platforms.failures import PlatformFailure, Refused
from platforms.noticing import Noticing
from platforms.port import Platform
from platforms.syncer import Syncer
from platforms.teller import Teller
from platforms.working import Alone, Database, Renewing, Tokens

_DONE: Final = Came(
    True, "已连接",
    "接下来的事会自己进行，回到 Telegram 就能看到。 Connected: the rest goes by itself. Go back to "
    "Telegram.",
)  # fmt: skip
_UNKNOWN: Final = Came(
    False, "链接已失效",
    "请回到 Telegram，重新发送 /platform。 This link is used or too old: send /platform again in "
    "Telegram.",
)  # fmt: skip
_TAKEN: Final = Came(
    False, "这家店铺已连接到别处",
    "这家平台店铺已连接到另一家商家店铺，请先在那边断开。 This shop is linked to another merchant "
    "here: disconnect it there first.",
)  # fmt: skip
_OTHER_ROLE: Final = Came(
    False, "这家店铺的身份不对",
    "商家请登录自己卖货的店铺；厂家请登录在平台「厂家代打」里身份是厂家的店铺。再回到 Telegram "
    "重新发送 /platform。 The shop has another part in the platform's own dropship programme: a "
    "merchant signs in to the shop it sells with, a factory to the one that is a factory there. "
    "Then send /platform again in Telegram.",
)  # fmt: skip
_FAILED: Final = Came(
    False, "平台没有答复",
    "授权没有完成，请回到 Telegram 重新发送 /platform。 The platform did not answer: send "
    "/platform again in Telegram.",
)  # fmt: skip


class Selling:
    """The house's platforms by name; empty where the operator has set none up."""

    def __init__(
        self, database: Database, services: Services,
        platforms: Mapping[str, Platform], now: Callable[[], datetime], address: str,
        *, alone: Alone | None = None,
    ) -> None:  # fmt: skip
        self._database = database
        self._services = services.platforms
        self._platforms = platforms
        self._now = now
        self._address = address
        self._told: Callable[[], object] = lambda: None
        self._renewing = Renewing(database, self._services.syncing, now, alone)
        self.noticing = Noticing()
        self._tickets = services.tickets
        self._drawer = self._drawer_over(database)

    def _tell(self) -> None:
        self._told()

    @property
    def names(self) -> Sequence[str]:
        """Return the platforms' names."""
        return tuple(self._platforms)

    def authorise_at(self, platform: str, word: str) -> str:
        """Return where a merchant says yes. Raises `PlatformAbsent`."""
        if platform not in self._platforms:
            raise PlatformAbsent
        back = f"{self._address}/platforms/{platform}/authorised"
        return self._platforms[platform].authorise_at(word, back)

    async def opened(self, order_id: int, concealed: Concealed) -> Recipient:
        """Return one recipient in plain.

        Raises `RecipientConcealed`, `DecryptQuotaSpent`, `SellingShopGone`.
        """
        opener = await self._database.read(lambda store: opener_of(store, order_id))
        platform = self._platforms.get(opener.platform)
        if platform is None:
            raise RecipientConcealed
        tokens = Tokens(
            opener.link_id, opener.access_token, opener.refresh_token, opener.token_until
        )
        try:
            recipient = await self._renewing.call(
                platform, tokens,
                lambda token: platform.decrypted(token, opener.order_no, concealed),
            )  # fmt: skip
        except Refused as refused:
            if refused.why != "quota_spent":
                raise RecipientConcealed from refused
            await self._database.write(lambda store: was_spent(store, opener.link_id))
            raise DecryptQuotaSpent from refused
        except PlatformFailure as failure:
            raise RecipientConcealed from failure
        await self._database.write(lambda store: was_opened(store, opener.link_id))
        return recipient

    async def draw(
        self, actor: Actor, assignment_ids: Sequence[int], carrier: str
    ) -> Sequence[TicketResult]:
        """Draw e-waybills. Raises as `core.tickets.drawing.Drawing.begin`."""
        return await self._drawer.draw(actor, assignment_ids, carrier)

    def tell_to(self, told: Callable[[], object]) -> None:
        """Call `told` whenever a shop is owed news."""
        self._told = told

    def workers(self, database: Database) -> Sequence[Syncer | Teller | Drawer]:
        """Return who looks at platforms and tells them, to be run; none where there is none."""
        if not self._platforms:
            return ()
        syncer = Syncer(
            database, self._platforms, self._renewing, self._services.syncing,
            told=self._tell, now=self._now, noticing=self.noticing,
        )  # fmt: skip
        teller = Teller(
            database, self._platforms, self._renewing, self._services.telling,
            told=self._tell, now=self._now,
        )  # fmt: skip
        return syncer, teller, self._drawer_over(database)

    def _drawer_over(self, database: Database) -> Drawer:
        return Drawer(
            database, self._platforms, self._renewing, self._tickets, told=self._tell,
            now=self._now,
        )  # fmt: skip

    async def taken(self, platform: str, pushes: Sequence[Push]) -> int:
        """Keep proved messages."""
        return await self._database.write(
            lambda store: self._services.syncing.pushed(store, platform, pushes)
        )

    async def finish(self, platform: str, code: str, word: str) -> Came:
        """Link the shop a merchant has just said yes for."""

        def awaited(store: Store) -> None:
            self._services.linking.asked(store, platform, word)

        try:
            await self._database.read(awaited)
            grant = await self._platforms[platform].granted(code)
            role = await self._role(platform, grant.access_token)
            await self._database.write(
                lambda store: self._services.linking.finish(store, platform, word, grant, role)
            )
        except PlatformFailure:
            return _FAILED
        except OutsideShopTaken:
            return _TAKEN
        except OutsideRoleDiffers:
            return _OTHER_ROLE
        except CoreError:
            return _UNKNOWN
        self._told()
        return _DONE

    async def _role(self, platform: str, token: str) -> OutsideRole:
        """What the shop is in the platform's own programme; none where we may not ask."""
        try:
            return await self._platforms[platform].role(token)
        except Refused:
            return "unknown"


@asynccontextmanager
async def open_selling(
    settings: Settings, database: Database, services: Services,
    now: Callable[[], datetime], *, alone: Alone | None = None,
) -> AsyncIterator[tuple[Selling, Mapping[str, Seller]]]:  # fmt: skip
    """Open what the settings name, and each one's side of the HTTP door.

    Raises `platforms.values.ValuesRefused`.
    """
    platforms: dict[str, Platform] = {}
    sellers: dict[str, Seller] = {}
    async with open_client(settings.proxy) as client:
        address = settings.public_url or f"http://{settings.host}:{settings.port}"
        selling = Selling(database, services, platforms, now, address, alone=alone)
        for name, opened in open_sellers(settings, client).items():
            platforms[name] = opened.platform
            sellers[name] = Seller(opened.receive, partial(selling.finish, name))
        yield selling, sellers
