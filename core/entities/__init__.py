"""What is kept, as SQLModel tables: plain records, changed only by the use cases beside them."""

from core.entities.account import Account, Invite, Talk
from core.entities.assignment import (
    Assignment,
    AssignmentPiece,
    AssignmentStatus,
    AssignmentTick,
    FactoryTab,
)
from core.entities.binding import Binding, BindingStatus
from core.entities.chat import (
    Alert,
    AlertState,
    Card,
    Chat,
    HandledUpdate,
    PoisonedUpdate,
    Vanishing,
    VanishingOrder,
)
from core.entities.clock import ClockLook, DayTally, Digest, QuietHours
from core.entities.draft import (
    BATCH_FROM,
    AssignDraft,
    AssignDraftItem,
    DraftState,
    ImportDraft,
    OrderFilter,
    PasteDraft,
    ShipDraft,
)
from core.entities.job import Job, JobState
from core.entities.news import AssignRule, ChangeNotice, OrderQuestion, RuleKind
from core.entities.order import (
    AfterSale,
    ClosedReason,
    Extra,
    MerchantTab,
    Order,
    OrderChange,
    OrderLine,
    OrderStatus,
    SealedRecipient,
)
from core.entities.program import ApiKey, FeedItem, KeptAnswer
from core.entities.shipment import Shipment, ShipmentPiece, Verdict
from core.entities.shop import Member, MemberInvite, Rank, Role, SealedShipFrom, Shop
from core.entities.trail import AuditRow, Counter, KeyMark, Look
from core.entities.webhook import Delivery, Webhook

__all__ = [
    "BATCH_FROM", "Account", "AfterSale", "Alert", "AlertState", "ApiKey", "AssignDraft",
    "AssignDraftItem", "AssignRule", "Assignment", "AssignmentPiece", "AssignmentStatus",
    "AssignmentTick", "AuditRow", "Binding", "BindingStatus", "Card", "ChangeNotice", "Chat",
    "ClockLook", "ClosedReason", "Counter", "DayTally", "Delivery", "Digest", "DraftState", "Extra",
    "FactoryTab", "FeedItem", "HandledUpdate", "ImportDraft", "Invite", "Job", "JobState",
    "KeptAnswer", "KeyMark", "Look", "Member", "MemberInvite", "MerchantTab", "Order",
    "OrderChange", "OrderFilter", "OrderLine", "OrderQuestion", "OrderStatus", "PasteDraft",
    "PoisonedUpdate", "QuietHours", "Rank", "Role", "RuleKind", "SealedRecipient", "SealedShipFrom",
    "ShipDraft", "Shipment", "ShipmentPiece", "Shop", "Talk", "Vanishing", "VanishingOrder",
    "Verdict", "Webhook",
]  # fmt: skip
