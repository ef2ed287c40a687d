"""The first answer to a request that carries an `Idempotency-Key` is every later one's, for 48 h.

It is kept in the transaction of what was asked for, so a crash leaves either both or neither.
"""

from datetime import timedelta
from typing import Final

from core.ports import Store
from core.programs.errors import AnsweredOtherwise
from core.values import Actor, Answer

ANSWERS_KEPT: Final = timedelta(hours=48)
UNDER_WAY: Final = Answer(0, "", b"")  # stands where a request is done in slices, until the last


class Answers:
    """Answers kept for the programs of a shop."""

    def kept(self, store: Store, actor: Actor, given_key: str, asked: str) -> Answer | None:
        """Return the answer given before; None while there is none. Raises `AnsweredOtherwise`.

        `asked` is the fingerprint of method, path and body.
        """
        found = store.programs.answer(actor.shop_id, given_key, store.now - ANSWERS_KEPT)
        if found is None:
            return None
        before, answer = found
        if before != asked:
            raise AnsweredOtherwise
        return answer if answer != UNDER_WAY else None

    def keep(
        self, store: Store, actor: Actor, given_key: str, asked: str, answer: Answer | None
    ) -> None:
        """Keep the answer to this request; its body is sealed, for it may hold a recipient.

        None keeps that it is under way: another request under its key is refused from now on, the
        same one goes on with it.
        """
        store.programs.keep_answer(actor.shop_id, given_key, asked, answer or UNDER_WAY)

    def forget(self, store: Store) -> int:
        """Delete what is older than it is kept; returns how many."""
        return store.programs.forget_answers(store.now - ANSWERS_KEPT)
