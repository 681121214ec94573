"""happy-simulator: entities that hand events to each other; source, server and sink are its own."""

import random

import numpy
from happysimulator import Entity, Instant, Server, Simulation, Sink, Source
from happysimulator.components.load_balancer import LoadBalancer, PowerOfTwoChoices
from happysimulator.distributions import ExponentialLatency
from happysimulator.load.profile import ConstantRateProfile
from happysimulator.load.providers.poisson_arrival import PoissonArrivalTimeProvider
from happysimulator.load.source import SimpleEventProvider

from serve import CONNECTIONS, FAILS, QUERY, WORK, WORKERS, serve


class ShorterOfTwo(PowerOfTwoChoices):
    """Its own compares requests in service, of which a single server has one or none; those who wait count too."""

    def _get_connections(self, backend):
        return backend.active_requests + backend.depth


class FirstCustomers(PoissonArrivalTimeProvider):
    """Exponential times between so many arrivals, and none after."""

    def __init__(self, setup):
        super().__init__(ConstantRateProfile(rate=setup.rate), Instant.Epoch)
        self.to_come = setup.customers

    def next_arrival_time(self):
        self.to_come -= 1
        if self.to_come < 0:
            raise RuntimeError("all have come")  # this is how a source ends
        return super().next_arrival_time()


class Answers(Entity):
    """Sends back to the database what has failed."""

    def __init__(self, sink):
        super().__init__("answers")
        self.sink, self.database = sink, None

    def handle_event(self, event):
        failed = random.random() < FAILS
        return [self.forward(event, self.database if failed else self.sink)]


def tiers(sink):
    """The first of the entities is the door."""
    answers = Answers(sink)
    database = Server("database", CONNECTIONS, ExponentialLatency(QUERY), downstream=answers)
    answers.database = database
    return [Server("web", WORKERS, ExponentialLatency(WORK), downstream=database), database, answers]


def desks(setup, sink):
    desks = [
        Server(f"desk {i}", setup.servers, ExponentialLatency(1.0), downstream=sink) for i in range(setup.stations)
    ]
    if setup.stations == 1:
        return desks
    return [LoadBalancer("door", backends=desks, strategy=ShorterOfTwo()), *desks]


def run(setup):
    random.seed(setup.seed)
    numpy.random.seed(setup.seed)
    sink = Sink()
    entities = tiers(sink) if setup.model == "tiers" else desks(setup, sink)
    source = Source("customers", SimpleEventProvider(entities[0]), FirstCustomers(setup))
    Simulation(sources=[source], entities=[*entities, sink]).run()
    assert sink.events_received == setup.customers, f"{sink.events_received} of {setup.customers} were served"
    return sink.average_latency()


serve(run)
