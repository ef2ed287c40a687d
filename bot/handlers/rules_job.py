"""Assigning very many orders by rules, done by the worker; repeated after a crash it shows it."""

from collections.abc import Mapping

from aiogram import Bot
from pydantic import TypeAdapter

from bot.handlers.batches_job import BatchWork
from bot.house import House
from bot.jobs import Doer, GaveUp, actor_of
from bot.screens import rule_trials as screens
from bot.screens.assigning import gave_up_screen
from bot.screens.screen import Screen
from bot.texts import Translator
from core.assignments.auto_assigning import AutoDone, Trial
from core.entities import Job
from core.ports import Store
from core.services import Services

__all__ = ["APPLY_RULES", "GAVE_UP", "rule_doers"]

APPLY_RULES = "apply_rules"
_DONE = TypeAdapter(AutoDone)


def rule_doers(house: House, bot: Bot) -> Mapping[str, Doer]:
    """Return who does it."""
    return {APPLY_RULES: BatchWork(house, bot, _apply)}


GAVE_UP: Mapping[str, GaveUp] = {APPLY_RULES: lambda t, job: gave_up_screen(t, job.shop_id)}


def _apply(t: Translator, services: Services, store: Store, job: Job) -> Screen:
    actor = actor_of(job)
    done: AutoDone | Trial
    if "done" in job.payload:
        done = _DONE.validate_python(job.payload["done"])
    else:
        done = services.auto.apply(store, actor, job.payload["mark"])
        if isinstance(done, AutoDone):
            job.payload = {**job.payload, "done": _DONE.dump_python(done, mode="json")}
    return screens.done_screen(t, actor.shop_id, done)
