"""Photos of waybills, sealed while they wait."""

from sqlalchemy import bindparam, select
from sqlmodel import col

from core.entities import PasteDraft
from core.ids import key
from storage.nouns.base import Noun

_OF_ALBUM = (
    select(PasteDraft)
    .where(
        col(PasteDraft.shop_id) == bindparam("shop"),
        col(PasteDraft.account_id) == bindparam("account"),
        col(PasteDraft.album) == bindparam("album"),
        col(PasteDraft.state) == "open",
        col(PasteDraft.source) == "photo",
    )
    .order_by(col(PasteDraft.id).desc())
    .limit(1)
)


class PhotoStore(Noun):
    """`core.ports.PhotoPort`."""

    def add(self, draft: PasteDraft, text: str) -> PasteDraft:
        """Keep a draft with what stands in it."""
        draft.sealed = b""
        self.session.add(draft)
        self.session.flush()
        self.put_text(draft, text)
        return draft

    def get(self, draft_id: int) -> PasteDraft | None:
        """Return the draft, when it is one of photos."""
        draft = self.found(PasteDraft, draft_id)
        return draft if draft is not None and draft.source == "photo" else None

    def of_album(self, shop_id: int, account_id: int, album: str) -> PasteDraft | None:
        """Return the open draft that collects this album."""
        values = {"shop": shop_id, "account": account_id, "album": album}
        return self.session.scalars(_OF_ALBUM, values).one_or_none()

    def text(self, draft: PasteDraft) -> str:
        """Open what stands in it."""
        return self.sealer.open(
            draft.sealed, tenant=draft.shop_id, row=f"photos:{key(draft)}", field="photos"
        )

    def put_text(self, draft: PasteDraft, text: str) -> None:
        """Seal what stands in it now."""
        draft.sealed = self.sealer.seal(
            text, tenant=draft.shop_id, row=f"photos:{key(draft)}", field="photos"
        )
