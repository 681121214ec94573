"""SimPy: processes as generators, resources to queue for."""

import random

import simpy

from serve import CONNECTIONS, FAILS, QUERY, WORK, WORKERS, Mean, serve, shorter_of_two


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


def request(env, workers, connections, rng, mean):
    arrived = env.now
    with workers.request() as turn:
        yield turn
        yield env.timeout(rng.expovariate(1 / WORK))
    failed = True
    while failed:
        with connections.request() as turn:
            yield turn
            yield env.timeout(rng.expovariate(1 / QUERY))
        failed = rng.random() < FAILS
    mean.add(env.now - arrived)


def requests(env, setup, rng, mean):
    workers, connections = simpy.Resource(env, WORKERS), simpy.Resource(env, CONNECTIONS)
    for _ in range(setup.customers):
        yield env.timeout(rng.expovariate(setup.rate))
        env.process(request(env, workers, connections, rng, mean))


def run(setup):
    rng, mean = random.Random(setup.seed), Mean()
    env = simpy.Environment()
    if setup.model == "tiers":
        env.process(requests(env, setup, rng, mean))
        env.run()
        return mean.value()
    desks = [simpy.Resource(env, setup.servers) for _ in range(setup.stations)]
    env.process(arrivals(env, desks, setup, rng, mean))
    env.run()
    return mean.value()


serve(run)
