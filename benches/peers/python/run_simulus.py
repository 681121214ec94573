"""Simulus: processes on greenlets, resources to queue for."""

import random

import simulus

from serve import Mean, serve, shorter_of_two


def run(setup):
    rng, mean = random.Random(setup.seed), Mean()
    sim = simulus.simulator()
    desks = [sim.resource(capacity=setup.servers) for _ in range(setup.stations)]

    def customer(desk):
        arrived = sim.now
        desk.acquire()
        sim.sleep(rng.expovariate(1.0))
        desk.release()
        mean.add(sim.now - arrived)

    def arrivals():
        for _ in range(setup.customers):
            sim.sleep(rng.expovariate(setup.rate))
            sim.process(customer, shorter_of_two(rng, desks, lambda desk: desk.num_in_system()))

    sim.process(arrivals)
    sim.run()
    return mean.value()


serve(run)
