"""Pastes: sealed whole, since people paste names and phones beside the numbers."""

from sqlalchemy import bindparam, select
from sqlmodel import col

from core.entities import PasteDraft
from core.ids import key
from storage.nouns.base import Noun

_OF = (
    select(PasteDraft)
    .where(
        col(PasteDraft.shop_id) == bindparam("shop"),
        col(PasteDraft.account_id) == bindparam("account"),
        col(PasteDraft.album) == bindparam("origin"),
    )
    .order_by(col(PasteDraft.id).desc())
    .limit(1)
)


class PasteDrafts(Noun):
    """The part of `DraftStore` that keeps many numbers at once."""

    def paste(self, draft_id: int) -> PasteDraft | None:
        """Return the draft."""
        return self.lasting(PasteDraft, draft_id)

    def paste_of(self, shop_id: int, account_id: int, origin: str) -> PasteDraft | None:
        """Return the draft that one message, or one album of photos, has begun."""
        asked = {"shop": shop_id, "account": account_id, "origin": origin}
        return self.session.scalars(_OF, asked).one_or_none()

    def add_paste(self, draft: PasteDraft, text: str) -> PasteDraft:
        """Keep a new draft, sealed."""
        self.session.add(draft)
        self.session.flush()
        self.put_paste(draft, text)
        return draft

    def put_paste(self, draft: PasteDraft, text: str) -> None:
        """Keep what has become of it, sealed."""
        draft.sealed = self.sealer.seal(
            text, tenant=draft.shop_id, row=f"paste:{key(draft)}", field="lines"
        )

    def paste_text(self, draft: PasteDraft) -> str:
        """Open it."""
        return self.sealer.open(
            draft.sealed, tenant=draft.shop_id, row=f"paste:{key(draft)}", field="lines"
        )
