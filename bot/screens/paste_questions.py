"""What a paste asks, one line at a time, each with its buttons; in the end that all is answered."""

from collections.abc import Sequence

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.doubts import carrier_text, doubt_text, pieces_text, ways
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import cut, tail
from bot.screens.words import carrier_name
from bot.texts import Translator
from core.shipments.pasted import Answer, Entry, Pasted, PastedNumber
from core.text.carriers import CARRIERS
from core.text.pasting import handed_back

TYPED = 120  # characters of a line that its question repeats
LIKELY = 6  # carriers offered before all of them
FOR_ALL = 2  # carriers offered for all lines that ask the same
ALL = "carriers"


def question(t: Translator, shop_id: int, pasted: Pasted, *, every: bool = False) -> Screen:
    """Ask about the next line in doubt, or say that nothing is; `every`: offer all carriers."""
    card = CardRef("numbers_ask", pasted.draft_id, shop_id)
    place = pasted.asked
    if place is None:
        return Screen(t("All questions are answered. What became of each line stands above."),
                      (menu_button(t, shop_id),), card)  # fmt: skip
    entry = pasted.entries[place]
    asking = _Asking(t, shop_id, pasted, place)
    left = sum(1 for one in pasted.entries if one.ask)
    text = Lines([t.n("❓ {n} question left", "❓ {n} questions left", left)])
    text.add(t("<code>{line}</code>", line=cut(handed_back(entry.text), TYPED))).gap()
    said, rows = asking.ask(entry, every=every)
    text.add(said)
    pass_by = asking.button(t("Leave this line out"), "pass")
    return Screen(text.text(), (*rows, (pass_by,)), card)


class _Asking:
    """The question about one line, and its buttons."""

    def __init__(self, t: Translator, shop_id: int, pasted: Pasted, place: int) -> None:
        self._t = t
        self._shop_id = shop_id
        self._pasted = pasted
        self._place = place
        self._alike = len(pasted.alike(place))

    def button(
        self, text: str, answer: Answer | str, choice: str = "", *, alike: bool = False
    ) -> Button:
        """Return a button that answers."""
        return Button(
            text,
            d.AnswerPaste(
                shop=self._shop_id, draft=self._pasted.draft_id, line=self._place, say=answer,
                choice=choice, alike=alike,
            ).pack(),
        )  # fmt: skip

    def ask(self, entry: Entry, *, every: bool) -> tuple[str, Sequence[Row]]:
        """Return the sentence and the rows of buttons."""
        t = self._t
        if entry.ask == "order":
            return self._order(entry)
        if entry.ask == "carrier":
            unknown = next(one for one in entry.numbers if one.carrier is None)
            return carrier_text(t, unknown.number, unknown.named), self._carriers(unknown, every)
        if entry.ask == "fix":
            return self._fix(entry)
        if entry.ask == "pieces":
            return self._pieces(entry)
        assert entry.ask  # noqa: S101 - only lines that ask are asked about
        return doubt_text(t, entry.ask, entry.detail), [(self.button(t("Use it anyway"), "sure"),)]

    def _order(self, entry: Entry) -> tuple[str, Sequence[Row]]:
        t = self._t
        buttons = [
            self.button(
                t.plain("{tag} · {order}", tag=one.tag, order=tail(one.order_no)), "order",
                str(one.assignment_id),
            )
            for one in entry.choices
        ]  # fmt: skip
        text = Lines([t("Which order is it for?")])
        text.add(t("Another one: send its tag and the number on one line."))
        return text.text(), _rows(buttons)

    def _carriers(self, unknown: PastedNumber, every: bool) -> Sequence[Row]:
        t = self._t
        codes = tuple(CARRIERS) if every else tuple(unknown.candidates[:LIKELY])
        rows = _rows([self.button(carrier_name(t, code), "carrier", code) for code in codes])
        if every:
            return rows
        if self._alike > 1:
            rows += [
                (
                    self.button(
                        t.plain("All {n} such lines: {carrier}", n=self._alike,
                                carrier=carrier_name(t, code)),
                        "carrier", code, alike=True,
                    ),
                )
                for code in codes[:FOR_ALL]
            ]  # fmt: skip
        return [*rows, (self.button(t("Another carrier …"), ALL),)]

    def _fix(self, entry: Entry) -> tuple[str, Sequence[Row]]:
        t = self._t
        text = t("<b>{tag}</b> has shipped with <code>{old}</code>. Was that wrong, and is "
                 "<code>{number}</code> right?", tag=entry.tag, old=entry.detail,
                 number=entry.numbers[0].number)  # fmt: skip
        rows: list[Row] = [(self.button(t("✏️ Correct it"), "fix"),)]
        if self._alike > 1:
            words = t.plain("✏️ Correct all {n}", n=self._alike)
            rows.append((self.button(words, "fix", alike=True),))
        return text, rows

    def _pieces(self, entry: Entry) -> tuple[str, Sequence[Row]]:
        t, pasted = self._t, self._pasted
        numbers = [
            given
            for one in pasted.entries
            if one.order == entry.order and one.state == "waiting"
            for given in one.numbers
        ]
        counted = [one.pieces for one in numbers if one.pieces is not None]
        left, parcels = pasted.left - sum(counted), len(numbers) - len(counted)
        rows = [(self.button(words, "split", how),) for how, words in ways(t, left, parcels)]
        return pieces_text(t, left, parcels, entry.tag), rows


def _rows(buttons: Sequence[Button]) -> list[Row]:
    return [tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2)]
