"""People, the question open with each, and invitations."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlmodel import col

from core.entities import Account, Invite, Talk
from storage.nouns.base import Noun

_BY_TELEGRAM = select(Account).where(col(Account.telegram_id) == bindparam("telegram"))


class AccountStore(Noun):
    """`core.ports.AccountPort`."""

    def get(self, account_id: int) -> Account | None:
        """Return the account."""
        return self.lasting(Account, account_id)

    def of(self, account_id: int) -> Account:
        """Return an account a foreign key names: it exists."""
        return self.lasting_one(Account, account_id)

    def by_telegram(self, telegram_id: int) -> Account | None:
        """Return the account of a Telegram person."""
        return self.session.scalars(_BY_TELEGRAM, {"telegram": telegram_id}).one_or_none()

    def add(self, account: Account) -> Account:
        """Keep a new account."""
        self.session.add(account)
        self.session.flush()
        return account

    def talk(self, account_id: int) -> tuple[str, dict[str, Any]] | None:
        """Return the open question's step and data."""
        talk = self.found(Talk, account_id)
        if talk is None:
            return None
        text = self.sealer.open(talk.sealed, tenant=account_id, row="talk", field=talk.step)
        return talk.step, json.loads(text)

    def ask(self, account_id: int, step: str, data: Mapping[str, Any]) -> None:
        """Open a question, in place of any other."""
        text = json.dumps(data, ensure_ascii=False)
        sealed = self.sealer.seal(text, tenant=account_id, row="talk", field=step)
        self.session.merge(Talk(account_id=account_id, step=step, sealed=sealed, asked_at=self.now))

    def asked_at(self, account_id: int) -> datetime | None:
        """Return when the open question was asked."""
        talk = self.found(Talk, account_id)
        return talk.asked_at if talk else None

    def hush(self, account_id: int) -> None:
        """Close the open question."""
        self.session.execute(delete(Talk).where(col(Talk.account_id) == account_id))

    def invite(self, token_hash: str) -> Invite | None:
        """Return the invitation."""
        return self.session.get(Invite, token_hash)

    def add_invite(self, token_hash: str) -> None:
        """Keep a new invitation."""
        self.session.add(Invite(token_hash=token_hash, created_at=self.now))
