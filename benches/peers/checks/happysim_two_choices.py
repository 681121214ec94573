"""happy-simulator: the power of two choices among 100 servers at 90 % load, as it is and with those who wait."""

import random
import statistics

import numpy
from happysimulator import Instant, Server, Simulation, Sink, Source
from happysimulator.components.load_balancer import LoadBalancer, PowerOfTwoChoices
from happysimulator.distributions import ExponentialLatency


class WithThoseWhoWait(PowerOfTwoChoices):
    def _get_connections(self, backend):
        return backend.active_requests + backend.depth


def mean(strategy, seed):
    """Mean response of those who leave after 100 s, in 400 s."""
    random.seed(seed)
    numpy.random.seed(seed)
    sink = Sink()
    desks = [Server(f"desk {i}", 1, ExponentialLatency(1.0), downstream=sink) for i in range(100)]
    door = LoadBalancer("door", backends=desks, strategy=strategy)
    source = Source.poisson(rate=90, target=door)
    Simulation(sources=[source], entities=[*desks, door, sink], end_time=Instant.from_seconds(400)).run()
    times, latencies = sink.latency_time_series_seconds()
    return statistics.mean(latency for time, latency in zip(times, latencies) if time > 100)


for strategy in (PowerOfTwoChoices(), WithThoseWhoWait()):
    means = [mean(strategy, seed) for seed in range(1, 5)]
    half = 3.182 * statistics.stdev(means) / 2  # Student's t, 95 %, three degrees of freedom
    print(f"{type(strategy).__name__}: {statistics.mean(means):.2f} ± {half:.2f} s")
