"""The numbers of the desk in the format of Prometheus: names with units, nobody's name, no ticket.

A registry of its own for each answer: it holds what was read for it, and nothing of the process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from core.engine.counts import Counts, Histogram
from core.engine.ports import SECOND
from core.escalation.queries.vitals import VitalsView

STATES: Final = ("calling", "standing", "accepted", "answered")
"""Always there, so that an alert on one of them is never without data."""


def exposed(counts: Counts, view: VitalsView, streams: int, accept: str) -> tuple[bytes, str]:
    """The answer to one scrape and its content type. `streams`: open event streams of this process."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Snapshot([*_of_the_process(counts, streams), *_of_the_desk(view)]))
    encode, kind = choose_encoder(accept)
    return encode(registry), kind


class _Snapshot(Collector):
    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = list(metrics)

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _of_the_process(counts: Counts, streams: int) -> Iterator[Metric]:
    yield _histogram("noroshi_deadline_lateness_seconds", "How late deadlines were done.", counts.lateness)
    yield _histogram("noroshi_commit_duration_seconds", "From the begin to the end of a commit.", counts.commit)
    yield _histogram("noroshi_commit_batch_commands", "Commands that shared one commit.", counts.batch)
    yield CounterMetricFamily("noroshi_commits_failed", "Commits that failed: disk full, database busy.", counts.lost)
    outcomes = CounterMetricFamily("noroshi_channel_outcomes", "Messages by outcome.", labels=("channel", "outcome"))
    for (channel, outcome), number in sorted(counts.outcomes.items()):
        outcomes.add_metric((channel, outcome), number)
    yield outcomes
    yield _counter("noroshi_task_restarts", "Tasks that died or stood still, begun again.", "task", counts.restarts)
    yield _counter("noroshi_audit_healed", "What the auditor set going again.", "kind", counts.healed)
    yield GaugeMetricFamily("noroshi_live_streams", "Open event streams.", streams)
    if counts.disk is not None:
        yield GaugeMetricFamily("noroshi_disk_free_bytes", "Free where the database lies.", counts.disk[0])
        yield GaugeMetricFamily("noroshi_disk_size_bytes", "Size of the disk where the database lies.", counts.disk[1])


def _of_the_desk(view: VitalsView) -> Iterator[Metric]:
    health = view.health
    age = float("inf") if health.beat is None else health.beat / SECOND
    yield GaugeMetricFamily("noroshi_engine_heartbeat_age_seconds", "Since any engine beat; +Inf: none did.", age)
    overdue = health.overdue / SECOND
    yield GaugeMetricFamily("noroshi_deadline_overdue_seconds", "Of the oldest deadline that is due.", overdue)
    depth = {one.channel: one.depth for one in health.queues}
    yield _gauge("noroshi_outbox_messages", "Messages that have not left.", "channel", depth)
    ages = {one.channel: one.age / SECOND for one in health.queues}
    yield _gauge("noroshi_outbox_age_seconds", "Of the oldest message that is ready and has not left.", "channel", ages)
    by_state = {state: view.open.get(state, 0) for state in STATES}
    yield _gauge("noroshi_open_escalations", "Open escalations, drills aside.", "state", by_state)
    yield GaugeMetricFamily("noroshi_standing_alarms", "Nobody on the whole ladder answered.", by_state["standing"])
    yield CounterMetricFamily("noroshi_journal_events", "Events in the journal.", view.events)


def _histogram(name: str, about: str, histogram: Histogram) -> Metric:
    bounds = [*map(str, histogram.bounds), "+Inf"]
    buckets = list(zip(bounds, map(float, accumulate(histogram.counts)), strict=True))
    return HistogramMetricFamily(name, about, buckets=buckets, sum_value=histogram.sum)


def _gauge(name: str, about: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, about, labels=(label,))
    for value, number in sorted(values.items()):
        family.add_metric((value,), number)
    return family


def _counter(name: str, about: str, label: str, values: Mapping[str, float]) -> Metric:
    family = CounterMetricFamily(name, about, labels=(label,))
    for value, number in sorted(values.items()):
        family.add_metric((value,), number)
    return family
