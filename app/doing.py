"""Who does which long job, and what is said of one that was given up: all rooms' in one place."""

from datetime import timedelta

from app.running import Running
from bot.handlers import (
    answering_job,
    batches_job,
    days_job,
    exporting_job,
    importing_job,
    pasting_job,
    printing_job,
    recalling_job,
    rules_job,
    scanning_job,
    tickets_job,
)
from bot.jobs import Failed
from bot.worker import LEASE, Worker
from platforms.barcodes.reading import read_barcodes


def worker_of(running: Running, *, lease: timedelta = LEASE) -> Worker:
    """Return who does the jobs of this house; there may be several, a job is leased."""
    house, bot, ways = running.house, running.bot, running.ways
    doers = {
        **importing_job.import_doers(house, bot, ways.read_sheet(running.more_names)),
        **printing_job.printing_doers(house, bot),
        **exporting_job.export_doers(house, bot),
        **pasting_job.number_doers(house, bot, ways.read_numbers),
        **scanning_job.scanning_doers(house, bot, read_barcodes),
        **answering_job.answer_doers(house, bot),
        **batches_job.batch_doers(house, bot),
        **recalling_job.recall_doers(house, bot),
        **days_job.stats_doers(house, bot),
        **rules_job.rule_doers(house, bot),
        **tickets_job.ticket_doers(house, bot),
    }
    rooms = (
        importing_job, printing_job, exporting_job, scanning_job, batches_job, pasting_job,
        recalling_job, days_job, rules_job, answering_job, tickets_job,
    )  # fmt: skip
    gave_up = {kind: screen for room in rooms for kind, screen in room.GAVE_UP.items()}
    settle = {**recalling_job.SETTLE, **importing_job.SETTLE, **answering_job.SETTLE}
    return Worker(house, doers, Failed(house, bot, gave_up, settle), lease=lease)
