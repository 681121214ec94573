"""asimpy: processes as coroutines, resources to queue for."""

import random

import asimpy

from serve import Mean, serve, shorter_of_two


class Desk(asimpy.Resource):
    """A resource that tells how many are there: asimpy's own tells how many are in service."""

    def __init__(self, env, servers):
        super().__init__(env, servers)
        self.present = 0


class Customer(asimpy.Process):
    def init(self, desk, rng, mean):
        self.desk, self.rng, self.mean = desk, rng, mean

    async def run(self):
        arrived = self.now
        self.desk.present += 1
        async with self.desk:
            await self.timeout(self.rng.expovariate(1.0))
        self.desk.present -= 1
        self.mean.add(self.now - arrived)


class Arrivals(asimpy.Process):
    def init(self, desks, setup, rng, mean):
        self.desks, self.setup, self.rng, self.mean = desks, setup, rng, mean

    async def run(self):
        for _ in range(self.setup.customers):
            await self.timeout(self.rng.expovariate(self.setup.rate))
            desk = shorter_of_two(self.rng, self.desks, lambda desk: desk.present)
            Customer(self._env, desk, self.rng, self.mean)


def run(setup):
    rng, mean = random.Random(setup.seed), Mean()
    env = asimpy.Environment()
    desks = [Desk(env, setup.servers) for _ in range(setup.stations)]
    Arrivals(env, desks, setup, rng, mean)
    env.run()
    return mean.value()


serve(run)
