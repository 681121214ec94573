"""Ciw: a network of queues, declared. It keeps a record of every visit: the mean is taken of those."""

import math
import random

import ciw

from serve import CONNECTIONS, FAILS, QUERY, WORK, WORKERS, serve


class ShorterOfTwo(ciw.routing.LoadBalancing):
    """The less loaded of two nodes drawn at random. Ciw compares all or follows probabilities."""

    def next_node(self, ind):
        first, second = random.sample(self.destinations, 2)
        is_shorter = self.get_queue_size(second) < self.get_queue_size(first)
        return self.simulation.nodes[second if is_shorter else first]


class FirstCustomers(ciw.dists.Exponential):
    """Exponential times between so many arrivals, and none after.

    Ciw itself stops at a time, or while customers are inside.
    """

    def __init__(self, setup):
        super().__init__(rate=setup.rate)
        self.to_come = setup.customers

    def sample(self, t=None, ind=None):
        self.to_come -= 1
        return super().sample(t, ind) if self.to_come >= 0 else math.inf


def queue(setup):
    return ciw.create_network(
        arrival_distributions=[FirstCustomers(setup)],
        service_distributions=[ciw.dists.Exponential(rate=1.0)],
        number_of_servers=[setup.servers],
    )


def balanced(setup):
    """Customers arrive at a first node that takes no time, and are routed from there."""
    desks = list(range(2, setup.stations + 2))
    return ciw.create_network(
        arrival_distributions=[FirstCustomers(setup)] + [None for _ in desks],
        service_distributions=[ciw.dists.Deterministic(0.0)]
        + [ciw.dists.Exponential(rate=1.0) for _ in desks],
        number_of_servers=[math.inf] + [setup.servers for _ in desks],
        routing=ciw.routing.NetworkRouting(
            routers=[ShorterOfTwo(destinations=desks)] + [ciw.routing.Leave() for _ in desks]
        ),
    )


def tiers(setup):
    """What fails goes to the database again."""
    return ciw.create_network(
        arrival_distributions=[FirstCustomers(setup), None],
        service_distributions=[ciw.dists.Exponential(rate=1 / WORK), ciw.dists.Exponential(rate=1 / QUERY)],
        number_of_servers=[WORKERS, CONNECTIONS],
        routing=[[0.0, 1.0], [0.0, FAILS]],
    )


def run(setup):
    ciw.seed(setup.seed)
    if setup.model == "tiers":
        simulation = ciw.Simulation(tiers(setup))
        simulation.simulate_until_max_time(math.inf)
        visits = simulation.get_all_records()
        return sum(record.exit_date - record.arrival_date for record in visits) / setup.customers
    network = queue(setup) if setup.stations == 1 else balanced(setup)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(math.inf)
    desk = 1 if setup.stations == 1 else 2
    responses = [
        record.exit_date - record.arrival_date
        for record in simulation.get_all_records()
        if record.node >= desk
    ]
    assert len(responses) == setup.customers
    return sum(responses) / len(responses)


serve(run)
