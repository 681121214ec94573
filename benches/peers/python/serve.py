"""Answers runs on standard input, one a line, as the Rust engines do.

A line is `STATIONS SERVERS RATE CUSTOMERS SEED MODEL`, the answer `MEAN SECONDS PROCESSOR`: the mean
response time that was simulated, how long that took on the clock, and of a processor's time.

Every engine simulates the same: customers arrive in a Poisson process and join the shorter of two
stations drawn at random (or the only one). A station serves in order of arrival, for an
exponential time of mean 1. In the model `tiers` they are served by one of WORKERS, then by one of
CONNECTIONS, and by one of those again for as long as that FAILS.
"""

import gc
import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Setup:
    stations: int
    servers: int  # at each station
    rate: float  # arrivals per second at all stations together
    customers: int
    seed: int
    model: str


WORKERS, WORK = 4, 0.4  # of the web tier, and the mean time that they take
CONNECTIONS, QUERY = 2, 0.24  # to the database
FAILS = 0.1  # the share of queries that fail


class Mean:
    """The mean response time, without anything else."""

    __slots__ = ("sum", "count")

    def __init__(self):
        self.sum = 0.0
        self.count = 0

    def add(self, response):
        self.sum += response
        self.count += 1

    def value(self):
        return self.sum / self.count


def shorter_of_two(rng, stations, load):
    """The less loaded of two stations drawn at random; the first of two that are equal."""
    if len(stations) == 1:
        return stations[0]
    first, second = rng.sample(stations, 2)
    return second if load(second) < load(first) else first


def serve(run, prepare=None):
    """Answers until the input ends. What `prepare` does is not counted: it compiles."""
    for line in sys.stdin:
        stations, servers, rate, customers, seed, model = line.split()
        setup = Setup(int(stations), int(servers), float(rate), int(customers), int(seed), model)
        if prepare:
            prepare(setup)
        gc.collect()
        start, processor = time.perf_counter(), time.process_time()
        mean = run(setup)
        seconds, processor = time.perf_counter() - start, time.process_time() - processor
        print(mean, seconds, processor, flush=True)
