"""What waits for an answer besides a selection: parsed files, numbers, how a list is narrowed."""

from collections.abc import Mapping
from typing import Any

from core.entities import ImportDraft, OrderFilter, ShipDraft
from core.ids import key
from storage.nouns.base import Noun


class WaitingDrafts(Noun):
    """The part of `DraftStore` that keeps what a person sent."""

    def narrowed(self, account_id: int, shop_id: int) -> Mapping[str, Any]:
        """Return how the person has narrowed the shop's orders."""
        kept = self.found(OrderFilter, account_id, shop_id)
        return kept.narrowed if kept else {}

    def narrow(self, account_id: int, shop_id: int, kept: Mapping[str, Any]) -> None:
        """Keep how the person narrows the shop's orders from here on."""
        self.session.merge(
            OrderFilter(
                account_id=account_id, shop_id=shop_id, narrowed=dict(kept), changed_at=self.now
            )
        )
        self.session.flush()

    def add_import(self, draft: ImportDraft, text: str) -> ImportDraft:
        """Keep a parsed file, sealed whole."""
        self.session.add(draft)
        self.session.flush()
        draft.sealed = self.sealer.seal(
            text, tenant=draft.shop_id, row=f"import:{key(draft)}", field="sheet"
        )
        return draft

    def import_(self, draft_id: int) -> ImportDraft | None:
        """Return the parsed file's draft."""
        return self.session.get(ImportDraft, draft_id)

    def import_text(self, draft: ImportDraft) -> str:
        """Open the parsed file."""
        return self.sealer.open(
            draft.sealed, tenant=draft.shop_id, row=f"import:{key(draft)}", field="sheet"
        )

    def add_ship(self, draft: ShipDraft) -> ShipDraft:
        """Keep numbers that wait for an answer."""
        self.session.add(draft)
        self.session.flush()
        return draft

    def ship(self, draft_id: int) -> ShipDraft | None:
        """Return numbers that wait for an answer."""
        return self.lasting(ShipDraft, draft_id)
