"""Cimba: processes that Numba compiles, on an engine in C.

Compilation isn't counted: every class runs once with a few customers before.
"""

import cimba as cb
import numpy as np
from cimba import inputs, random

from serve import serve


class Desk(cb.Model):
    """A queue, held as times of arrival, and one server."""

    service: cb.Input[float]
    waiting: cb.Store[float]
    present: int = 0
    left: int = 0
    sum: float = 0.0

    @cb.process
    def server(self):
        while True:
            arrived = self.waiting.get()
            cb.hold(self.service.next())
            self.sum += cb.now() - arrived
            self.present -= 1
            self.left += 1


class Pool(Desk):
    """The same with sixteen."""

    @cb.process(copies=16)
    def server(self):
        while True:
            arrived = self.waiting.get()
            cb.hold(self.service.next())
            self.sum += cb.now() - arrived
            self.present -= 1
            self.left += 1


class Queue(cb.Model):
    """Customers for one desk or pool."""

    gap: cb.Input[float]
    customers: cb.Param[int]
    desk: Desk
    mean: cb.Output[float]

    @cb.process
    def arrivals(self):
        for _ in range(self.customers):
            cb.hold(self.gap.next())
            self.desk.present += 1
            self.desk.waiting.put(cb.now())

    @cb.on_end
    def measure(self):
        self.mean = self.desk.sum / self.desk.left


class Balanced(cb.Model):
    """Customers for many desks: each joins the shorter of two."""

    gap: cb.Input[float]
    customers: cb.Param[int]
    desks: list[Desk]
    mean: cb.Output[float]

    @cb.process
    def arrivals(self):
        for _ in range(self.customers):
            cb.hold(self.gap.next())
            first = random.dice(0, len(self.desks) - 1)
            second = random.dice(0, len(self.desks) - 2)
            if second >= first:
                second += 1
            if self.desks[second].present < self.desks[first].present:
                first = second
            self.desks[first].present += 1
            self.desks[first].waiting.put(cb.now())

    @cb.on_end
    def measure(self):
        total = 0.0
        left = 0
        for i in range(len(self.desks)):
            total += self.desks[i].sum
            left += self.desks[i].left
        self.mean = total / left


def desk(servers):
    model = {1: Desk, 16: Pool}[servers]()
    model.service = inputs.dist.exponential(mean=1.0)
    return model


def simulate(setup, customers):
    if setup.stations == 1:
        model = Queue()
        model.desk = desk(setup.servers)
    else:
        model = Balanced()
        model.desks = [desk(setup.servers) for _ in range(setup.stations)]
    model.gap = inputs.dist.exponential(mean=1.0 / setup.rate)
    model.customers = customers
    results = cb.Experiment(model, window=cb.Window.until_idle(), seed=setup.seed).run()
    return float(np.asarray(results[model].mean).item())


def run(setup):
    return simulate(setup, setup.customers)


def prepare(setup):
    simulate(setup, 100)


serve(run, prepare)
