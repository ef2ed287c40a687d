"""Every decision a button can carry, side by side.

One CallbackData class per decision. Each carries `shop`, the shop it acts for, whatever shop is
switched on when it is pressed; it stays a claim, proved in the use case. Packed: at most 64 bytes.
"""

from bot.keyboards.data.answers import *
from bot.keyboards.data.assigning import *
from bot.keyboards.data.batches import *
from bot.keyboards.data.bindings import *
from bot.keyboards.data.clock import *
from bot.keyboards.data.days import *
from bot.keyboards.data.editing import *
from bot.keyboards.data.extras import *
from bot.keyboards.data.finding import *
from bot.keyboards.data.fulfilling import *
from bot.keyboards.data.importing import *
from bot.keyboards.data.orders import *
from bot.keyboards.data.platforms import *
from bot.keyboards.data.printing import *
from bot.keyboards.data.programs import *
from bot.keyboards.data.rules import *
from bot.keyboards.data.scanning import *
from bot.keyboards.data.shipping import *
from bot.keyboards.data.shops import *
from bot.keyboards.data.splitting import *
from bot.keyboards.data.staff import *
from bot.keyboards.data.stops import *
from bot.keyboards.data.tickets import *
from bot.keyboards.data.webhooks import *
