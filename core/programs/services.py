"""Use cases of programs: their keys, what they read and follow, what they do, what they
are sent.
"""

from core.answers.fulfilling import Fulfilling
from core.answers.holding import Holding
from core.answers.recall_asking import RecallAsking
from core.assignments.assigning import Assigning
from core.assignments.auto_assigning import AutoAssigning
from core.changes.changing import Changing
from core.orders.looking import Looking
from core.programs.answering import ProgramAnswering
from core.programs.answers import Answers
from core.programs.delivering import Delivering
from core.programs.feed import Feed
from core.programs.keys import Keys
from core.programs.order_reading import OrderReading
from core.programs.ordering import Ordering
from core.programs.reading import Reading
from core.programs.shipping import ProgramShipping
from core.programs.shop_reading import ShopReading
from core.programs.webhooks import Webhooks
from core.shipments.shipping import Shipping
from core.values import Rules


class Programs:
    """One service per noun, as `core.services.Services`; built on those of people."""

    def __init__(
        self, rules: Rules, *, changing: Changing, auto: AutoAssigning, assigning: Assigning,
        looking: Looking, shipping: Shipping, fulfilling: Fulfilling, holding: Holding,
        recall_asking: RecallAsking,
    ) -> None:  # fmt: skip
        self.keys = Keys()
        self.answers = Answers()
        self.feed = Feed()
        self.shop_reading = ShopReading()
        self.reading = Reading()
        self.order_reading = OrderReading()
        self.ordering = Ordering(changing, auto, assigning)
        self.answering = ProgramAnswering(fulfilling, holding, recall_asking)
        self.shipping = ProgramShipping(shipping, looking)
        self.webhooks = Webhooks(rules)
        self.delivering = Delivering()
