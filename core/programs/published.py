"""What programs are told of: acts on orders, by the names they have in the feed."""

from collections.abc import Mapping
from typing import Final

PUBLISHED: Final[Mapping[str, str]] = {
    "imported": "order.created",
    "import_undone": "order.undone",
    "changed": "order.changed",
    "let_go": "order.let_go",
    "assigned": "assignment.created",
    "split": "assignment.created",
    "extra_assigned": "assignment.created",
    "pieces_taken_back": "assignment.changed",
    "accepted": "assignment.accepted",
    "declined": "assignment.declined",
    "recalled": "assignment.recalled",
    "recall_asked": "assignment.recall_asked",
    "recall_unasked": "assignment.recall_withdrawn",
    "recall_agreed": "assignment.recall_agreed",
    "recall_refused": "assignment.recall_refused",
    "goods_awaited": "assignment.held",
    "hold_agreed": "assignment.hold_agreed",
    "hold_over": "assignment.resumed",
    "acknowledged": "assignment.change_acknowledged",
    "asked": "question.asked",
    "answered": "question.answered",
    "shipped": "shipment.created",
    "had_left": "shipment.created",
    "corrected": "shipment.corrected",
    "judged": "shipment.judged",
}
