"""Who may do what: every button, command, reply and question, tried by everybody else.

A full house is built, everything its people can press is found by pressing it, and then the
outsiders do the same: people without a shop, of other shops, taken out of one, unbound; in private
and in the factory's group. Nothing may change, nothing may be told, and the answer is the one to
what never was, word by word. The API's own table is `tests/api/test_authorisation.py`.
"""

from pathlib import Path
from typing import TypeVar

from core.ids import key
from core.people.suspending import resume, suspend
from core.values import Actor
from tests.core.firm import order_no
from tests.proof import Proving
from tests.torture.buttons import elsewhere, of_shop, read, things
from tests.torture.manor import FACTORY_GROUP, UNBOUND, Person
from tests.torture.matrix import every_handler
from tests.torture.saying import (
    ANSWERS,
    answers_stolen,
    follows_links,
    replies_to,
    says_everything,
    shows_in_the_group,
)
from tests.torture.scene import LATER, ONES_OWN, Scene, full_scene, of_shops
from tests.torture.telephone import photo

T = TypeVar("T")


async def test_nobody_gets_at_what_is_anothers(tmp_path: Path, proves: Proving) -> None:
    async with full_scene(tmp_path, most=proves.size(1, 4)) as scene:
        assert await scene.unconvincing() == LATER
        for n, person in enumerate(scene.manor.outsiders):
            await _presses(scene, person, proves, n)
            await _speaks(scene, person, proves, n)
        await _partners_cross(scene, proves)
        await _their_own(scene)
        await _staff(scene, proves)
        await _suspended(scene, proves)
        matrix = scene.matrix
        assert every_handler() - scene.reached.handlers == set(), "a handler nobody tried"
        assert not await scene.manor.ids("SELECT update_id FROM poisoned_update")
        proves.saw(
            "handlers of messages and presses, tried by people who have no business there",
            f"{len(scene.reached.handlers)} of {len(every_handler())}", "all",
        )  # fmt: skip
        proves.saw("cells of role × act × ownership × door", f"{matrix.tried:,}")
        proves.saw("leaks: a row changed, a word told, absence told from prohibition",
                   len(matrix.leaks), "0")  # fmt: skip
        assert matrix.leaks == [], "\n".join(matrix.leaks[:20])


def share(every: list[T], n: int, proves: Proving) -> list[T]:
    """Return what the nth outsider tries: all of it, or in short their part."""
    return every if proves.full else every[n % 6 :: 6]


async def _presses(scene: Scene, person: Person, proves: Proving, n: int) -> None:
    """Every button as it is, and in the name of a shop of one's own."""
    doors = [(0, 1), (FACTORY_GROUP, 50_000)][: proves.size(1, 2)]
    for packed in share(scene.buttons, n, proves):
        one = read(packed)
        for chat, message in doors:
            matrix, nothing = scene.matrix, elsewhere(one, shop=True)
            await matrix.presses(person, packed, nothing, chat, message)
            if person.shop_id and things(one) and not await _theirs(scene, person, one):
                mine = of_shop(one, person.shop_id)
                nothing = elsewhere(read(mine), shop=False)
                await matrix.presses(person, mine, nothing, chat, message)


async def _theirs(scene: Scene, person: Person, one: object) -> bool:
    """Whether the thing is theirs too: an unbound factory has a past with the merchant."""
    given = getattr(one, "assignment", 0)
    if not given:
        return False
    question = "SELECT id FROM assignment WHERE id = :id AND factory_id = :shop"
    return bool(await scene.manor.ids(question, id=given, shop=person.shop_id))


async def _speaks(scene: Scene, person: Person, proves: Proving, n: int) -> None:
    matrix, answers = scene.matrix, ANSWERS if proves.full else ANSWERS[n % 4 :][:1]
    named = scene.named if proves.full else scene.named[n % 3 :][:1]
    await says_everything(matrix, person, named)
    cards = share(scene.cards, n, proves)
    await replies_to(matrix, person, await shows_in_the_group(scene.house, cards), answers)
    await answers_stolen(matrix, person, share(scene.questions, n, proves), answers)
    await follows_links(matrix, person, await _used_invitation(scene))


async def _used_invitation(scene: Scene) -> str:
    """Return the token of an invitation that somebody has used."""
    firm, use = scene.manor.firm, scene.manor.firm.services
    made = await firm.does(use.staffing.invite, scene.manor.merchant)

    def join(store: object, _: Actor) -> None:
        account = key(use.accounts.meet(store, 7300, "员工七千三"))  # type: ignore[arg-type]
        use.staffing.join(store, account, made.token)  # type: ignore[arg-type]
        use.staffing.leave(store, Actor(account, made.shop.id or 0))  # type: ignore[arg-type]

    await firm.does(join, scene.manor.merchant)
    return made.token


async def _partners_cross(scene: Scene, proves: Proving) -> None:
    """Bound shops are partners, not colleagues: each presses what is the other's.

    They know of each other's orders; so here only what is done counts, and the way it is refused.
    """
    manor, matrix = scene.manor, scene.matrix
    known, matrix.secrets = (
        matrix.secrets,
        frozenset({"张三丰", "13912345678", "示例路", "仓库电脑"}),
    )
    pairs = (
        (Person("the factory", scene.factory.person, manor.factory.shop_id), scene.merchant),
        (Person("the merchant", scene.merchant.person, manor.merchant.shop_id), scene.factory),
    )
    for n, (person, found) in enumerate(pairs):
        for packed in share(of_shops(found), n, proves):
            nothing = elsewhere(read(packed), shop=True)
            await matrix.presses(person, packed, nothing)
    matrix.secrets = known


async def _their_own(scene: Scene) -> None:
    """What outsiders say of what is theirs is understood; coming and going is anybody's."""
    phone = scene.phone
    await phone.says(7001, order_no(8002))
    await phone.says(7002, order_no(8001))
    declining = next(one for one in scene.cards if one.kind == "decline")
    [(asked, _)] = (await shows_in_the_group(scene.house, [declining])).values()
    await scene.rehearsing.says(scene.factory.person, "", FACTORY_GROUP, asked, **photo())
    for packed in ("role:merchant", "x"):
        await phone.presses(7001, packed)
    member = {"user": {"id": 1, "is_bot": True, "first_name": "代发"}, "status": "member"}
    await phone.feeds({"my_chat_member": {
        "chat": {"id": UNBOUND, "type": "private", "first_name": "路人"}, "date": 1,
        "from": {"id": UNBOUND, "is_bot": False, "first_name": "路人"},
        "old_chat_member": member, "new_chat_member": member,
    }})  # fmt: skip


# What is the owner's alone. A new decision of theirs belongs here.
OWNERS = frozenset({
    "AlertsHere", "AlertsHome", "ChooseScopes", "CloseShop", "EditShop",
    "EndPlatformShop", "HandOver", "InviteStaff", "ListKeys",
    "ListPlatformShops", "ListWebhooks", "LookNow", "RemoveMember", "RemoveWebhook",
    "ReplaceLink", "ReplayWebhook", "RetryTelling", "RevokeKey", "RotateKey", "RotateWebhook",
    "SetReminder", "SetSilent", "SetUnseen", "ShowKey", "ShowMember",
    "ShowPlatformShop", "ShowWebhook", "SwitchPlatformShop", "SwitchWebhook", "TryWebhook",
})  # fmt: skip


async def _staff(scene: Scene, proves: Proving) -> None:
    """Staff do the day's work and nothing of the owner's; the table and the house agree on it."""
    matrix, refused, before = scene.matrix, set(), scene.matrix.tried
    matrix.secrets = frozenset({"仓库电脑", ".example"})
    for person, found in zip(scene.manor.staff, (scene.merchant, scene.factory), strict=True):
        buttons = of_shops(found)
        one_each = {type(read(packed)).__name__: packed for packed in buttons}
        for packed in buttons if proves.full else one_each.values():
            name = type(read(packed)).__name__
            if name in OWNERS:
                act = scene.phone.presses(person.telegram_id, packed)
                lines = await matrix.attempt(person.who, packed, act)
            else:
                lines = await scene.rehearsing.presses(person.telegram_id, packed)
            if any("只有店主" in line.text for line in lines):
                refused.add(name)
    assert refused == OWNERS, (refused - OWNERS, OWNERS - refused)
    proves.saw("owners' decisions pressed by staff", f"{matrix.tried - before}, all refused")


# They ask for words, or for a platform; whoever answers hears that the shop is suspended.
ONLY_ASK = frozenset({"AddWebhook", "AskQuiet", "KeepShipFrom", "LinkPlatform", "NameKey"})


async def _suspended(scene: Scene, proves: Proving) -> None:
    """The factory is suspended: its own people press everything, and only hear that it is."""
    matrix, firm, tried = scene.matrix, scene.manor.firm, scene.matrix.tried
    number = firm.numbers["partner"]
    await firm.database.write(lambda store: suspend(store, number))
    matrix.secrets = frozenset({"张三丰", "13912345678", "示例路", "仓库电脑"})
    one_each = {type(read(packed)).__name__: packed for packed in scene.factory.answers}
    buttons = list(scene.factory.answers) if proves.full else list(one_each.values())
    for packed in buttons:
        name = type(read(packed)).__name__
        if name in ONES_OWN | {"OpenMenu", "SwitchShop", "AskAgain"}:
            continue
        act = scene.phone.presses(scene.factory.person, packed)
        lines = await matrix.attempt("the suspended factory", packed, act)
        waits = any("已被暂停" in line.text for line in lines)
        assert waits != (name in ONLY_ASK), packed
    await firm.database.write(lambda store: resume(store, number))
    proves.saw("decisions pressed by a suspended shop's own people",
               f"{matrix.tried - tried}, none done", "none")  # fmt: skip
