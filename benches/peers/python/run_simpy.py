"""SimPy: processes as generators, resources to queue for."""

import random

import simpy

from serve import Mean, serve, shorter_of_two


def load(desk):
    return desk.count + len(desk.queue)


def customer(env, desk, rng, mean):
    arrived = env.now
    with desk.request() as turn:
        yield turn
        yield env.timeout(rng.expovariate(1.0))
    mean.add(env.now - arrived)


def arrivals(env, desks, setup, rng, mean):
    for _ in range(setup.customers):
        yield env.timeout(rng.expovariate(setup.rate))
        desk = shorter_of_two(rng, desks, load)
        env.process(customer(env, desk, rng, mean))


def run(setup):
    rng, mean = random.Random(setup.seed), Mean()
    env = simpy.Environment()
    desks = [simpy.Resource(env, setup.servers) for _ in range(setup.stations)]
    env.process(arrivals(env, desks, setup, rng, mean))
    env.run()
    return mean.value()


serve(run)
