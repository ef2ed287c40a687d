"""Work waiting for the worker, leased while it is worked on."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlmodel import col

from core.entities import Job, JobState
from storage.nouns.base import Noun


class JobStore(Noun):
    """`core.ports.JobPort`."""

    def add(self, job: Job) -> Job:
        """Keep new work."""
        self.session.add(job)
        self.session.flush()
        return job

    def get(self, job_id: int) -> Job | None:
        """Return the work."""
        return self.session.get(Job, job_id)

    def beside(self, job: Job, *states: JobState) -> Sequence[Job]:
        """Return the shop's other work of its kind in these states, the oldest first."""
        return self.session.scalars(
            select(Job)
            .where(
                col(Job.state).in_(states),
                col(Job.kind) == job.kind,
                col(Job.shop_id) == job.shop_id,
                col(Job.id) != job.id,
            )
            .order_by(col(Job.id))
        ).all()

    def claim(self, lease_until: datetime, busy: Collection[int] = ()) -> Job | None:
        """Lease the oldest waiting work nobody works on; who asks is `busy` with some already.

        A lease is judged by the wall clock, which may have been set forward: it says nothing of
        one's own work. One longer than any given now was given while the clock was ahead.
        """
        job = self.session.scalars(
            select(Job)
            .where(
                col(Job.state) == "waiting",
                or_(
                    col(Job.lease_until).is_(None),
                    col(Job.lease_until) <= self.now,
                    col(Job.lease_until) > lease_until,
                ),
                col(Job.id).not_in(busy),
            )
            .order_by(col(Job.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if job is not None:
            job.lease_until = lease_until
            job.attempts += 1
        return job

    def release(self) -> None:
        """End every lease: whoever held one is known to be dead, so nobody need wait for it."""
        self.session.execute(
            update(Job)
            .where(col(Job.state) == "waiting", col(Job.lease_until) > self.now)
            .values(lease_until=self.now)
        )

    def move_chat(self, old: int, new: int) -> None:
        """Answer in the supergroup that a group has become; its messages have other ids there."""
        self.session.execute(
            update(Job)
            .where(col(Job.state) == "waiting", col(Job.chat_id) == old)
            .values(chat_id=new, progress_message_id=None)
        )
