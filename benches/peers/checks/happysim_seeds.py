"""happy-simulator: which seeds make a run repeatable."""

import random

import numpy
from happysimulator import Instant, Server, Simulation, Sink, Source
from happysimulator.distributions import ExponentialLatency
from happysimulator.parallel.runner import ParallelRunner


def build():
    sink = Sink()
    server = Server("Server", service_time=ExponentialLatency(0.1), downstream=sink)
    source = Source.poisson(rate=8, target=server)
    return Simulation(sources=[source], entities=[server, sink], end_time=Instant.from_seconds(60))


def events(*seed_with):
    for seed in seed_with:
        seed(42)
    return build().run().total_events_processed


def replicas():
    results = ParallelRunner(max_workers=2).run_replicas(build, 2, base_seed=42)
    return [result.summary.total_events_processed for result in results]


if __name__ == "__main__":
    print("events of run_replicas(build, 2, base_seed=42), twice:", replicas(), replicas())
    print("events of two runs, random.seed(42):", events(random.seed), events(random.seed))
    both = random.seed, numpy.random.seed
    print("events of two runs, and numpy.random.seed(42):", events(*both), events(*both))
