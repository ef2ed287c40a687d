"""All use cases of the house in one value, made once from the operator's rules."""

from core.accounts import Accounts
from core.asking import Asking
from core.assigning import Assigning
from core.auto_assigning import AutoAssigning
from core.batches import Batches
from core.bindings import Bindings
from core.changing import Changing
from core.clock_settings import ClockSetting
from core.closing import Closings
from core.days import Days
from core.digests import Digests
from core.due import DueNews
from core.editing import Editing
from core.editing_lines import LineEditing
from core.editing_recipient import RecipientEditing
from core.entering import Entering
from core.extras import Extras
from core.filtering import Filtering
from core.finding import Finding
from core.fulfilling import Fulfilling
from core.gathering import Gathering
from core.holding import Holding
from core.import_slices import ImportSlices
from core.importing import Importing
from core.listing import Listing
from core.looking import Looking
from core.opening import Opening
from core.past import Past
from core.photos import Photos
from core.printing import Printing
from core.recall_asking import RecallAsking
from core.recalling import Recalling
from core.reconciling import Reconciling
from core.ruling import Ruling
from core.ship_many import Combining
from core.shipping import Shipping
from core.shops import Shops
from core.splitting import Splitting
from core.staffing import Staffing
from core.stopping import Stopping
from core.timing import Timing
from core.under_way import UnderWay
from core.undoing import ImportUndoing
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
        self.changing = Changing()
        self.ruling = Ruling()
        self.auto = AutoAssigning(self.ruling)
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
        self.extras = Extras()
        self.editing = Editing(self.changing)
        self.editing_recipient = RecipientEditing(self.editing)
        self.editing_lines = LineEditing(self.editing)
        self.batches = Batches()
        self.looking = Looking(rules)
        self.shipping = Shipping()
        self.stopping = Stopping()
        self.under_way = UnderWay()
        self.printing = Printing(self.looking)
        self.photos = Photos(self.shipping)
        self.timing = Timing()
        self.due = DueNews()
        self.clock_setting = ClockSetting()
        self.combining = Combining()
        self.entering = Entering()
