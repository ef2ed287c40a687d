"""What one shop calls the others: by the alias it gave them, else by their own name."""

from core.ports import Store


class ShopNames:
    """The names as one shop reads them; each is looked up once."""

    def __init__(self, store: Store, shop_id: int) -> None:
        self._store = store
        self._mine = shop_id
        self._known: dict[int, str] = {}

    def of(self, shop_id: int | None) -> str:
        """Return the reader's name of a shop; empty for none."""
        if shop_id is None:
            return ""
        if shop_id not in self._known:
            self._known[shop_id] = self._look(shop_id)
        return self._known[shop_id]

    def _look(self, shop_id: int) -> str:
        bindings, shop = self._store.bindings, self._store.shops.of(shop_id)
        if shop.role == "factory":
            known = bindings.ever(self._mine, shop_id)
            return (known.merchant_alias if known else "") or shop.name
        known = bindings.ever(shop_id, self._mine)
        return (known.factory_alias if known else "") or shop.name
