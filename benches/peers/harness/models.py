"""The models, and what is known about them."""

import math
from dataclasses import dataclass, field
from itertools import islice


@dataclass(frozen=True)
class Model:
    """Poisson arrivals; services of mean 1 s; the shorter of two stations if many."""

    name: str
    title: str  # of a column
    meaning: str
    stations: int
    servers: int  # at each station
    rate: float  # customers per second, at all stations together
    is_constant: bool = False  # each service takes as long, else it is exponential
    parts: str = ""  # of a scenario with more than a station: what serves, as TOML

    def toml(self, customers, drain):
        """As a scenario of knee. With `drain`, arrivals stop and those inside may leave."""
        duration = customers / self.rate
        many = f'replicas = {self.stations}\nbalance = "power-of-two"\n' if self.stations > 1 else ""
        profile = f'profile = {{ steps = [["0s", 1.0], ["{duration}s", 0.0]] }}\n' if drain else ""
        service = '"1s"' if self.is_constant else '{ exponential = "1s" }'
        desk = f"[station.desk]\nservers = {self.servers}\n{many}service-time = {service}\n"
        door = "web" if self.parts else "desk"
        return (
            f'[workload.customers]\nto = "{door}"\narrivals = {{ poisson = "{self.rate}/s" }}\n{profile}'
            f"{self.parts or desk}"
            f'[run]\nwarm-up = "0s"\nduration = "{duration + (DRAIN if drain else 0.0)}s"\n'
        )


# Seconds in which even a long queue is served.
DRAIN = 200.0

# A web tier that asks a database, and asks again when it fails. By Jackson (1957) the mean response is 0.9148 s.
TIERS = """
[service.web]
steps = [{ visit = "workers" }, { call = { to = "database", retry = { attempts = "unlimited" } } }]
[service.database]
steps = [{ visit = "connections" }, { fail = 0.1 }]
[station.workers]
servers = 4
service-time = { exponential = "400ms" }
[station.connections]
servers = 2
service-time = { exponential = "240ms" }
"""

MODELS = [
    Model("mm1", "M/M/1", "one server, load 0.8", 1, 1, 0.8),
    Model("mm16", "M/M/16", "sixteen servers, one queue, load 0.9", 1, 16, 14.4),
    Model("power-of-two", "power of two", "100 servers, the shorter of two queues, load 0.9", 100, 1, 90.0),
    Model("tiers", "two tiers", "four workers, then a database that fails for a tenth", 0, 0, 5.0, parts=TIERS),
    # For those whose services are constant.
    Model("md1", "M/D/1", "one server, constant service, load 0.8", 1, 1, 0.8, is_constant=True),
]


@dataclass
class Theory:
    """M/M/c that starts empty, with services of mean 1."""

    servers: int
    rate: float
    # Mean responses of the first customers, until they are as good as the steady state's.
    first: list = field(init=False)

    def __post_init__(self):
        steady, first = self.steady(), []
        for mean in islice(self.responses(), 100_000):
            if steady - mean < 1e-6:
                break
            first.append(mean)
        else:
            raise AssertionError("the chain and Erlang's formula have to agree in the end")
        self.first = first

    def steady(self):
        """Mean response in the steady state, by Erlang's C formula (Erlang 1917)."""
        c, a = self.servers, self.rate
        waits = a**c / math.factorial(c) * c / (c - a)
        all_states = sum(a**k / math.factorial(k) for k in range(c)) + waits
        return 1.0 + waits / all_states / (c - a)

    def mean_of_first(self, customers):
        """Exact mean response of the first so many customers."""
        n = min(customers, len(self.first))
        return (sum(self.first[:n]) + (customers - n) * self.steady()) / customers

    def responses(self, states=400):
        """Mean response of each customer in turn.

        The numbers found by successive arrivals are a Markov chain (Kendall 1953): one more after an
        arrival, then departures until the next arrival comes first.
        """
        c = self.servers
        response = [1.0 + max(0, found - c + 1) / c for found in range(states + 1)]
        arrival_first = [self.rate / (self.rate + min(k, c)) for k in range(states + 1)]
        found = [1.0] + [0.0] * states
        while True:
            yield sum(p * mean for p, mean in zip(found, response))
            then, falling = [0.0] * (states + 1), 0.0
            for k in range(states, 0, -1):
                here = found[k - 1] + falling
                then[k] = here * arrival_first[k]
                falling = here - then[k]
            then[0] = falling
            found = then
