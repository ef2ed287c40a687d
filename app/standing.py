"""How the running house stands: what `/readyz` tells and Prometheus reads.

No figure has a person, a shop or an order in it.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final
from wsgiref.simple_server import WSGIServer

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from app.failures import CannotStart
from app.running import Running
from app.together import Together
from core.errors import CannotKeep
from core.values import Probe
from platforms.noticing import Noticing
from storage.leases import FAILED
from storage.migrate import Migrations

log = structlog.stdlib.get_logger(__name__)

ALERT_LATE: Final = 300.0  # seconds the oldest due alert may wait before the house is not ready
EVERY: Final = 15.0  # seconds between looks for Prometheus
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 35)


class Standing:
    """Looks at the house, and keeps its figures."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._head = Migrations().head()
        self._server: WSGIServer | None = None
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.registry.register(_Strange(running.selling.noticing))
        self.registry.register(_Warded(running))
        if running.settings.server is None:
            self.registry.register(running.backing)
        if running.together is not None:
            self.registry.register(_Beside(running.together))
        self.requests = Counter(
            "daifa_http_requests", "Requests of programs.", ["method", "route", "status"],
            registry=self.registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "daifa_http_seconds", "How long they took.", ["method", "route"],
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self._flying = self._gauge("daifa_updates_in_flight", "Updates being handled.")
        self._update_age = self._gauge(
            "daifa_last_update_age_seconds", "Since an update was handled; -1: none yet."
        )
        self._owed = self._gauge("daifa_alerts_due", "Alerts that are due and not sent.")
        self._oldest = self._gauge("daifa_oldest_alert_age_seconds", "Since the oldest is due.")
        self._write = self._gauge("daifa_write_seconds", "How long a small write took last.")

    def asked(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered."""
        method = method if method in _METHODS else "other"  # whatever comes in would be kept
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(method, route).observe(seconds)

    def _gauge(self, name: str, about: str) -> Gauge:
        return Gauge(name, about, registry=self.registry)

    async def look(self) -> Mapping[str, Any]:
        """Write into the database and say how the house stands. Raises what the database does."""
        began = time.perf_counter()
        found, now = await self._running.database.write(lambda store: (store.probe(), store.now))
        took = time.perf_counter() - began
        late = (now - found.oldest_due).total_seconds() if found.oldest_due else 0.0
        self._keep(found, late, took)
        current = found.step == self._head
        told = await self._others()
        return {
            "ready": current and (late < ALERT_LATE or not self._delivers()),
            "database": {"write_seconds": round(took, 4), "step": found.step, "current": current},
            "alerts": {"due": found.owed, "oldest_age_seconds": round(late, 1)},
            "updates": {"last_age_seconds": self._last_update()},
            **told,
        }

    def _delivers(self) -> bool:
        """Return whether alerts that wait are this process's fault: a web's they are not."""
        others = self._running.together
        return others is None or any(one.name.startswith("courier") for one in others.leading)

    async def _others(self) -> dict[str, Any]:
        """Return who leads what among several processes, and since when."""
        others = self._running.together
        if others is None:
            return {}
        here = others.leases.run_id
        try:
            held = [one for one in await others.leases.standing() if one.held]
        except FAILED:  # that the database cannot be asked is said by the rest
            held = []
        leads = {
            one.name: {"here": one.holder == here, "since": one.since.isoformat(), "turn": one.turn}
            for one in held
        }
        redis = {} if others.link is None else {"redis": {"here": others.link.here}}
        return {"leads": leads, **redis}

    def listen(self, host: str, port: int) -> None:
        """Serve `/metrics` on a port of its own; on 0 nowhere. Raises `CannotStart`."""
        if not port:
            return
        try:
            self._server, _ = start_http_server(port, host, self.registry)
        except OSError as error:
            raise CannotStart(
                f"Cannot listen on {host}:{port} ({error.strerror}). Stop what listens there, or "
                "set DAIFA_METRICS_PORT to a free port, 0 for none."
            ) from None

    async def run(self) -> None:
        """Look again and again, so that whoever reads the figures finds new ones."""
        try:
            while True:
                try:
                    await self.look()
                except (
                    SQLAlchemyError,
                    CannotKeep,
                ) as error:  # told by /readyz; the bot itself goes on trying
                    log.error("the database cannot be written", error=type(error).__name__)
                await asyncio.sleep(EVERY)
        finally:
            if self._server is not None:
                await asyncio.to_thread(self._server.shutdown)
                self._server.server_close()

    def _keep(self, found: Probe, late: float, took: float) -> None:
        self._owed.set(found.owed)
        self._oldest.set(late)
        self._write.set(took)
        self._flying.set(self._running.inbox.flying)
        self._update_age.set(self._last_update() or -1)

    def _last_update(self) -> float | None:
        at = self._running.inbox.handled_at
        return None if at is None else round(time.monotonic() - at, 1)


class _Beside(Collector):
    """What this process leads, and whether Redis answers it."""

    def __init__(self, together: Together) -> None:
        self._together = together

    def collect(self) -> Iterator[Metric]:
        """Give the figures; what is led is named by the part and the bot's id."""
        leads = GaugeMetricFamily(
            "daifa_leads", "1: this process does it; 0: it waits to take over.", labels=["work"]
        )
        for one in self._together.leading:
            leads.add_metric([one.name], float(one.since is not None))
        yield leads
        link = self._together.link
        if link is not None:
            yield GaugeMetricFamily("daifa_redis_up", "Redis answers.", value=float(link.here))
            yield CounterMetricFamily(
                "daifa_redis_failures", "Times it did not answer.", value=link.failures
            )


class _Warded(Collector):
    """What was kept out: updates of people who send too fast, and made-up links."""

    def __init__(self, running: Running) -> None:
        self._running = running

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Give the figures as they stand."""
        dropped, guessed = self._running.inbox.dropped, self._running.house.guesses.total
        yield CounterMetricFamily("daifa_updates_dropped", "Sent too fast.", value=dropped)
        yield CounterMetricFamily("daifa_links_guessed", "Links that never were.", value=guessed)


class _Strange(Collector):
    """What platforms sent that nobody here knows, as it is counted elsewhere."""

    def __init__(self, noticing: Noticing) -> None:
        self._noticing = noticing

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Give the figures; both labels are words of ours."""
        family = CounterMetricFamily(
            "daifa_platform_strange", "Sent by platforms, known to nobody here.",
            labels=["platform", "kind"],
        )  # fmt: skip
        for (platform, kind), n in self._noticing.counts().items():
            family.add_metric([platform, kind], n)
        yield family
