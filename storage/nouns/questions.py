"""Questions about orders: sealed whole, since people write names and addresses into them."""

from sqlalchemy import bindparam, select
from sqlmodel import col

from core.entities import OrderQuestion
from core.ids import key
from storage.nouns.base import Noun

_LAST = (
    select(OrderQuestion)
    .where(
        col(OrderQuestion.assignment_id) == bindparam("assignment"),
        col(OrderQuestion.question) != b"",  # erased with its order
    )
    .order_by(col(OrderQuestion.id).desc())
    .limit(1)
)


class QuestionStore(Noun):
    """`core.ports.QuestionPort`."""

    def get(self, question_id: int) -> OrderQuestion | None:
        """Return the question."""
        return self.lasting(OrderQuestion, question_id)

    def last_of(self, assignment_id: int) -> OrderQuestion | None:
        """Return the newest question about an order at a factory."""
        return self.session.scalars(_LAST, {"assignment": assignment_id}).one_or_none()

    def add(self, asked: OrderQuestion, text: str) -> OrderQuestion:
        """Keep a new question, sealed."""
        self.session.add(asked)
        self.session.flush()
        asked.question = self._seal(asked, text, "question")
        return asked

    def put_answer(self, asked: OrderQuestion, text: str) -> None:
        """Keep its answer, sealed."""
        asked.answer = self._seal(asked, text, "answer")

    def texts(self, asked: OrderQuestion) -> tuple[str, str]:
        """Open the question and its answer, which is empty until there is one; both once erased."""
        question = self._open(asked, asked.question, "question") if asked.question else ""
        return question, self._open(asked, asked.answer, "answer") if asked.answer else ""

    def _seal(self, asked: OrderQuestion, text: str, field: str) -> bytes:
        tenant, row = asked.from_shop, f"question:{key(asked)}"
        return self.sealer.seal(text, tenant=tenant, row=row, field=field)

    def _open(self, asked: OrderQuestion, sealed: bytes, field: str) -> str:
        tenant, row = asked.from_shop, f"question:{key(asked)}"
        return self.sealer.open(sealed, tenant=tenant, row=row, field=field)
