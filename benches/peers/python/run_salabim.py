"""salabim: components with a process each, resources to queue for.

Its monitors are off: they would keep every queue length and waiting time.
"""

import random

import salabim as sim

from serve import CONNECTIONS, FAILS, QUERY, WORK, WORKERS, Mean, serve, shorter_of_two


def load(desk):
    return len(desk.claimers()) + len(desk.requesters())


class Customer(sim.Component):
    def setup(self, desk, rng, mean):
        self.desk, self.rng, self.mean = desk, rng, mean

    def process(self):
        arrived = self.env.now()
        self.request(self.desk)
        self.hold(self.rng.expovariate(1.0))
        self.release()
        self.mean.add(self.env.now() - arrived)


class Request(sim.Component):
    def setup(self, workers, connections, rng, mean):
        self.workers, self.connections, self.rng, self.mean = workers, connections, rng, mean

    def process(self):
        arrived = self.env.now()
        self.request(self.workers)
        self.hold(self.rng.expovariate(1 / WORK))
        self.release()
        failed = True
        while failed:
            self.request(self.connections)
            self.hold(self.rng.expovariate(1 / QUERY))
            self.release()
            failed = self.rng.random() < FAILS
        self.mean.add(self.env.now() - arrived)


class Arrivals(sim.Component):
    def setup(self, desks, setup, rng, mean):
        self.desks, self.wanted, self.rng, self.mean = desks, setup, rng, mean

    def process(self):
        for _ in range(self.wanted.customers):
            self.hold(self.rng.expovariate(self.wanted.rate))
            if self.wanted.model == "tiers":
                workers, connections = self.desks
                Request(workers=workers, connections=connections, rng=self.rng, mean=self.mean)
            else:
                Customer(desk=shorter_of_two(self.rng, self.desks, load), rng=self.rng, mean=self.mean)


def run(setup):
    rng, mean = random.Random(setup.seed), Mean()
    env = sim.Environment(trace=False, yieldless=True)
    servers = [WORKERS, CONNECTIONS] if setup.model == "tiers" else [setup.servers] * setup.stations
    desks = [sim.Resource(capacity=capacity, monitor=False) for capacity in servers]
    Arrivals(desks=desks, setup=setup, rng=rng, mean=mean)
    env.run()
    return mean.value()


serve(run)
