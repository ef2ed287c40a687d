"""改派: what a factory gave back goes to another one; the one that gave it back is offered last."""

from collections.abc import Sequence

from core.entities import AssignDraft
from core.ids import key
from core.ports import Store


def keep_for_reassigning(store: Store, merchant_id: int, order_ids: Sequence[int]) -> int:
    """Keep these orders of a merchant as a selection that any of its people may assign.

    Returns its id, 0 where there are none.

    It is a draft like any other: dropped a day later, when the orders still stand in 待分配.
    """
    owner = store.shops.owner(merchant_id) if order_ids else None
    if owner is None:
        return 0
    draft = store.drafts.add(
        AssignDraft(shop_id=merchant_id, account_id=owner.account_id, created_at=store.now)
    )
    store.drafts.take(key(draft), order_ids)
    return key(draft)
