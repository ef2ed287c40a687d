"""Bringing orders in from a file: keep the parsed draft, preview it, apply it once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from pydantic import TypeAdapter

from core.acting import acting
from core.assignments.auto_assigning import AutoAssigning, AutoGiven
from core.changes.changing import Changing
from core.entities import ImportDraft
from core.errors import DraftGone, DraftNotFound, DraftSpent, PreviewOutdated, UndoneAlready
from core.ids import key
from core.imports.bringing import bring_in
from core.imports.changed_orders import ChangedOrder, changed_order, left_waiting
from core.imports.incoming import Refused, Sheet
from core.imports.verdicts import Verdict, verdicts
from core.ports import Store
from core.values import Actor, Skipped

# So long an import can be undone: see `core.imports.undoing`.
UNDO_FOR = timedelta(minutes=10)

_SHEET: TypeAdapter[Sheet] = TypeAdapter(Sheet)


@dataclass(slots=True)
class ImportPreview:
    """What confirming would do; after confirming, what it did."""

    draft_id: int
    file_name: str
    state: str
    chat_id: int
    file_message_id: int
    new: int = 0
    known: int = 0
    incomplete: int = 0
    changed: list[ChangedOrder] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    refused: Sequence[Refused] = ()
    columns_missing: Sequence[str] = ()
    undoable: bool = False
    digest: str = ""  # of what confirming would do: the confirm button carries it
    readdressed: list[str] = field(default_factory=list)  # whose notes name a recipient
    given: Sequence[AutoGiven] = ()  # what the merchant's rules have assigned of it


@dataclass(frozen=True, slots=True)
class RefusedRows:
    """The rows of a file that were not taken, under the titles of its columns."""

    file_name: str
    titles: Sequence[str]
    rows: Sequence[Refused]


class Importing:
    """Use cases of 导入. A draft is confirmed once, by any member of the shop."""

    def __init__(self, changing: Changing, auto: AutoAssigning) -> None:
        self._changing, self._auto = changing, auto

    def keep(
        self, store: Store, actor: Actor, sheet: Sheet, file_name: str, where: tuple[int, int]
    ) -> int:
        """Keep what a file held, encrypted; returns the draft. `where`: chat, message."""
        acting(store, actor, "merchant")
        chat_id, message_id = where
        draft = ImportDraft(
            shop_id=actor.shop_id, account_id=actor.account_id, file_name=file_name,
            chat_id=chat_id, file_message_id=message_id, sealed=b"", created_at=store.now,
            orders=len(sheet.orders),
        )  # fmt: skip
        return key(store.drafts.add_import(draft, _SHEET.dump_json(sheet).decode()))

    def preview(self, store: Store, actor: Actor, draft_id: int) -> ImportPreview:
        """Return what confirming would do now.

        Raises `DraftNotFound`, `DraftGone`, `UndoneAlready`.
        """
        return judge_draft(store, self._still(store, actor, draft_id))[0]

    def refused(self, store: Store, actor: Actor, draft_id: int) -> RefusedRows:
        """Return the rows that were not taken as they were written, and record who took them.

        They hold recipients. Raises `DraftNotFound`, `DraftGone`.
        """
        draft = self._still(store, actor, draft_id)
        sheet = _sheet(store, draft)
        store.record(actor, "refused_rows_fetched", draft=draft_id, rows=len(sheet.refused))
        return RefusedRows(draft.file_name, sheet.titles, sheet.refused)

    def confirm(
        self, store: Store, actor: Actor, draft_id: int, seen: str | None = None
    ) -> ImportPreview:
        """Apply the draft in one go: no order twice, changes told to the factories.

        For a file of few orders; of many see `core.imports.import_slices`. `seen` is the digest
        of the preview that was shown. Raises `DraftNotFound`, `DraftGone`, `DraftSpent`, and
        `PreviewOutdated` when another import has come in between.
        """
        draft = self._still(store, actor, draft_id)
        if draft.state != "open":
            raise DraftSpent
        result, found = judge_draft(store, draft)
        if seen is not None and seen != result.digest:
            raise PreviewOutdated
        draft.state, draft.confirmed_at = "confirmed", store.now
        result.state, result.undoable = draft.state, result.new > 0
        filing = Actor(actor.account_id, actor.shop_id, "file")
        bring_in(store, filing, self._changing, found, draft_id)
        result.changed = left_waiting(result.changed, [one.order for one in found])
        result.given = self._auto.brought_in(store, actor, draft_id, result.changed)
        return result

    def drop(self, store: Store, actor: Actor, draft_id: int) -> None:
        """Forget the draft. Raises `DraftSpent` when it was confirmed."""
        draft = self._mine(store, actor, draft_id)
        if draft.state in ("frozen", "confirmed"):
            raise DraftSpent
        draft.state, draft.sealed = "dropped", b""

    def size(self, store: Store, actor: Actor, draft_id: int) -> int:
        """Return how many orders the draft holds, to choose between now and a job."""
        return self._mine(store, actor, draft_id).orders

    def holds(self, store: Store, actor: Actor, draft_id: int) -> None:
        """Prove that what the file held is still there. Raises as `preview`."""
        self._still(store, actor, draft_id)

    def file_place(self, store: Store, actor: Actor, draft_id: int) -> tuple[int, int]:
        """Return where the file stands (chat, message), so that it can be deleted there."""
        draft = self._mine(store, actor, draft_id)
        return draft.chat_id, draft.file_message_id

    def _mine(self, store: Store, actor: Actor, draft_id: int) -> ImportDraft:
        acting(store, actor, "merchant")
        draft = store.drafts.import_(draft_id)
        if draft is None or draft.shop_id != actor.shop_id:
            raise DraftNotFound
        return draft

    def _still(self, store: Store, actor: Actor, draft_id: int) -> ImportDraft:
        draft = self._mine(store, actor, draft_id)
        if draft.undone_at is not None:
            raise UndoneAlready
        if draft.state == "dropped" or not draft.sealed:
            raise DraftGone
        return draft


def judge_draft(store: Store, draft: ImportDraft) -> tuple[ImportPreview, list[Verdict]]:
    """Return what confirming the draft would do now, and the verdict on each of its orders."""
    sheet = _sheet(store, draft)
    found = list(verdicts(store, draft.shop_id, sheet.orders))
    return _judged(store, draft, sheet, found), found


def _sheet(store: Store, draft: ImportDraft) -> Sheet:
    return _SHEET.validate_json(store.drafts.import_text(draft))


def _judged(
    store: Store, draft: ImportDraft, sheet: Sheet, found: Sequence[Verdict]
) -> ImportPreview:
    """Return the sums of these verdicts, and their digest."""
    result = _blank(draft, sheet)
    result.undoable = undo_open(store, draft)
    digest = hashlib.sha256()
    for verdict in found:
        _count(result, verdict)
        said = (verdict.kind, verdict.incoming.order_no, verdict.diffs, verdict.why)
        digest.update(repr(said).encode())
    result.digest = digest.hexdigest()[:8]
    return result


def undo_open(store: Store, draft: ImportDraft) -> bool:
    """Whether the import was confirmed so lately that it can still be undone."""
    at = draft.confirmed_at
    return at is not None and draft.undone_at is None and store.now < at + UNDO_FOR


def _blank(draft: ImportDraft, sheet: Sheet) -> ImportPreview:
    return ImportPreview(
        key(draft), draft.file_name, draft.state, draft.chat_id, draft.file_message_id,
        refused=sheet.refused, columns_missing=sheet.columns_missing,
    )  # fmt: skip


def _count(result: ImportPreview, verdict: Verdict) -> None:
    if verdict.readdresses:
        result.readdressed.append(verdict.incoming.order_no)
    if verdict.kind == "new":
        result.new += 1
        result.incomplete += not verdict.incoming.recipient.complete
    elif verdict.kind == "known":
        result.known += 1
    elif verdict.kind == "skipped":
        result.skipped.append(Skipped(verdict.incoming.order_no, verdict.why))
    elif verdict.order is not None:
        result.changed.append(changed_order(verdict.order, verdict.diffs))
