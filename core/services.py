"""All use cases of the house in one value, made once from the operator's rules."""

from core.answers.acknowledging import Acknowledging
from core.answers.asking import Asking
from core.answers.fulfilling import Fulfilling
from core.answers.holding import Holding
from core.answers.recall_asking import RecallAsking
from core.answers.replying import Replying
from core.answers.stopping import Stopping
from core.answers.under_way import UnderWay
from core.assignments.assigning import Assigning
from core.assignments.auto_assigning import AutoAssigning
from core.assignments.extras import Extras
from core.assignments.recalling import Recalling
from core.assignments.ruling import Ruling
from core.assignments.splitting import Splitting
from core.changes.changing import Changing
from core.changes.editing import Editing
from core.changes.editing_lines import LineEditing
from core.changes.editing_recipient import RecipientEditing
from core.clock.asked_back import AskedBack
from core.clock.clock_settings import ClockSetting
from core.clock.days import Days
from core.clock.digests import Digests
from core.clock.due import DueNews
from core.clock.timing import Timing
from core.imports.import_slices import ImportSlices
from core.imports.importing import Importing
from core.imports.undoing import ImportUndoing
from core.orders.filtering import Filtering
from core.orders.finding import Finding
from core.orders.listing import Listing
from core.orders.looking import Looking
from core.orders.past import Past
from core.orders.reconciling import Reconciling
from core.people.accounts import Accounts
from core.people.bindings import Bindings
from core.people.closing import Closings
from core.people.gathering import Gathering
from core.people.opening import Opening
from core.people.shops import Shops
from core.people.staffing import Staffing
from core.platforms.services import Platforms
from core.programs.services import Programs
from core.shipments.batches import Batches
from core.shipments.entering import Entering
from core.shipments.photos import Photos
from core.shipments.printing import Printing
from core.shipments.ship_many import Combining
from core.shipments.shipping import Shipping
from core.tickets.services import Tickets
from core.values import Rules


class Services:
    """One service per noun; each method is one use case, run whole in one visit."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.accounts = Accounts()
        self.shops = Shops(rules)
        self.bindings = Bindings(rules)
        self.staffing = Staffing()
        self.gathering = Gathering()
        self.closings = Closings(self.bindings)
        self.opening = Opening(self.shops, self.bindings)
        self.ruling = Ruling()
        self.auto = AutoAssigning(self.ruling)
        self.changing = Changing(rules, self.auto)
        self.importing = Importing(self.changing, self.auto)
        self.import_slices = ImportSlices(self.changing, self.auto)
        self.undoing = ImportUndoing()
        self.listing = Listing()
        self.filtering = Filtering()
        self.finding = Finding()
        self.assigning = Assigning()
        self.days = Days()
        self.digests = Digests(self.days)
        self.reconciling = Reconciling()
        self.past = Past()
        self.splitting = Splitting()
        self.recalling = Recalling()
        self.recall_asking = RecallAsking(self.recalling)
        self.holding = Holding()
        self.asking = Asking()
        self.fulfilling = Fulfilling()
        self.acknowledging = Acknowledging()
        self.extras = Extras()
        self.editing = Editing(self.changing)
        self.editing_recipient = RecipientEditing(self.editing)
        self.editing_lines = LineEditing(self.editing)
        self.batches = Batches()
        self.looking = Looking(rules)
        self.shipping = Shipping()
        self.replying = Replying(self.asking, self.shipping, self.fulfilling)
        self.stopping = Stopping(self.auto)
        self.under_way = UnderWay()
        self.printing = Printing(self.looking)
        self.photos = Photos(self.shipping)
        self.timing = Timing(self.digests)
        self.due = DueNews(self.digests)
        self.asked_back = AskedBack(self.recall_asking)
        self.clock_setting = ClockSetting()
        self.combining = Combining()
        self.entering = Entering()
        self.programs = Programs(
            rules, changing=self.changing, auto=self.auto, assigning=self.assigning,
            looking=self.looking, shipping=self.shipping, fulfilling=self.fulfilling,
            holding=self.holding, recall_asking=self.recall_asking,
        )  # fmt: skip
        self.platforms = Platforms(self.programs.ordering)
        self.tickets = Tickets()
