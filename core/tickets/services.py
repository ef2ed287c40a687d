"""All that is done about e-waybills, in one value."""

from core.tickets.cancelling import Cancelling
from core.tickets.drawing import Drawing
from core.tickets.leaving import SendingOff


class Tickets:
    """Drawing numbers, giving them back, shipping with them."""

    def __init__(self) -> None:
        self.drawing = Drawing()
        self.cancelling = Cancelling()
        self.leaving = SendingOff()
