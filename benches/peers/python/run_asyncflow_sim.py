"""AsyncFlow: a generator, a client and a server, declared. Its processor time is constant, so this is M/D/c.

Everything is a thousand times as fast, and the answer is multiplied: lengths are sampled at least ten
times a second, which would be most of the work.
"""

import numpy
import simpy
from asyncflow.runtime.simulation_runner import SimulationRunner
from asyncflow.schemas.payload import SimulationPayload

from serve import serve

FASTER = 1000
NOTHING = {"mean": 1e-12, "distribution": "exponential"}


def payload(setup):
    server = {
        "id": "desk",
        "server_resources": {"cpu_cores": setup.servers, "ram_mb": 1024},
        "endpoints": [
            {
                "endpoint_name": "/",
                "steps": [{"kind": "cpu_bound_operation", "step_operation": {"cpu_time": 1 / FASTER}}],
            }
        ],
    }
    ways = [("customers", "client"), ("client", "desk"), ("desk", "client")]
    edges = [
        {"id": f"{a}-{b}", "source": a, "target": b, "latency": NOTHING, "dropout_rate": 0.0} for a, b in ways
    ]
    return {
        "rqs_input": {
            "id": "customers",
            # So many users in every window: with a Poisson number of them arrivals would be burstier than Poisson.
            "avg_active_users": {"mean": setup.rate * FASTER, "distribution": "normal", "variance": 0.0},
            "avg_request_per_minute_per_user": {"mean": 60},
        },
        "topology_graph": {"nodes": {"client": {"id": "client"}, "servers": [server]}, "edges": edges},
        "sim_settings": {
            "total_simulation_time": max(5, round(setup.customers / setup.rate / FASTER)),
            "sample_period_s": 0.1,
        },
    }


def run(setup):
    runner = SimulationRunner(env=simpy.Environment(), simulation_input=SimulationPayload(**payload(setup)))
    runner.rng = numpy.random.default_rng(setup.seed)
    stats = runner.run().get_latency_stats()
    return stats["mean"] * FASTER


serve(run)
