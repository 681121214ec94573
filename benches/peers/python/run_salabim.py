"""salabim: components with a process each, resources to queue for.

Its monitors are off: they would keep every queue length and waiting time.
"""

import random

import salabim as sim

from serve import Mean, serve, shorter_of_two


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


class Arrivals(sim.Component):
    def setup(self, desks, setup, rng, mean):
        self.desks, self.wanted, self.rng, self.mean = desks, setup, rng, mean

    def process(self):
        for _ in range(self.wanted.customers):
            self.hold(self.rng.expovariate(self.wanted.rate))
            Customer(desk=shorter_of_two(self.rng, self.desks, load), rng=self.rng, mean=self.mean)


def run(setup):
    rng, mean = random.Random(setup.seed), Mean()
    env = sim.Environment(trace=False, yieldless=True)
    desks = [sim.Resource(capacity=setup.servers, monitor=False) for _ in range(setup.stations)]
    Arrivals(desks=desks, setup=setup, rng=rng, mean=mean)
    env.run()
    return mean.value()


serve(run)
