"""The engines: how each is asked, and how many customers it serves in a round."""

import contextlib
import json
import resource
import subprocess
import threading
import time
import tomllib
from dataclasses import dataclass

LONGEST = 600.0  # seconds that a run may take
REPLICATIONS = 200  # short runs that tell how means spread
STUDENTS_T = 1.972  # 95 % with so many replications


class Failed(Exception):
    """An engine didn't answer, and why."""


@dataclass(frozen=True)
class Run:
    mean: float  # response time, in seconds of the model
    customers: float
    seconds: float  # on the clock, or of a processor

    @property
    def ns(self):
        return self.seconds * 1e9 / self.customers


@dataclass(frozen=True)
class Engine:
    name: str
    language: str
    package: str
    # Customers in a round of each model that it can express: about half a second of work, or one.
    customers: dict
    needs: str = ""  # the least version of Python, where the harness's own may not do


def of(name, language, mm1, mm16, power_of_two, package=None, tiers=None, md1=None, needs=""):
    customers = {"mm1": mm1, "mm16": mm16, "power-of-two": power_of_two, "tiers": tiers, "md1": md1}
    return Engine(name, language, package or name, {name: n for name, n in customers.items() if n}, needs)


K, M = 1_000, 1_000_000
KNEE = of("knee", "Rust", 10 * M, 10 * M, 10 * M, tiers=2 * M, md1=10 * M)
PEERS = [
    of("desque", "Rust", 4 * M, 3 * M, 3 * M),
    of("odem-rs", "Rust", 4 * M, 2 * M, 2 * M),
    of("SimCore", "Rust", 2 * M, 2 * M, 2 * M, "simcore"),
    of("DESRu", "Rust", 2 * M, 2 * M, 2 * M, "desru"),
    of("simrs", "Rust", 2 * M, 1 * M, 1 * M),
    of("simu-des", "Rust", 1 * M, 1 * M, 1 * M),
    of("NeXosim", "Rust", 1 * M, 1 * M, 1 * M, "nexosim"),
    of("Cimba", "C, Numba", 2 * M, 2 * M, 1 * M, "cimba"),
    of("asimpy", "Python", 50 * K, 50 * K, 50 * K),
    of("SimPy", "Python", 50 * K, 50 * K, 50 * K, "simpy", tiers=30 * K),
    of("Simulus", "Python", 20 * K, 20 * K, 20 * K, "simulus"),
    of("Ciw", "Python", 30 * K, 30 * K, 1 * K, "ciw", tiers=20 * K),
    of("salabim", "Python", 4 * K, 4 * K, 4 * K, tiers=3 * K),
    of("happy-simulator", "Python", 15 * K, 15 * K, 6 * K, "happysim", tiers=6 * K, needs="3.13"),
    of("AsyncFlow", "Python", None, None, None, "asyncflow-sim", md1=20 * K, needs="3.13"),
]


class Knee:
    """The program as a user runs it: one process a run, timed from start to end."""

    def __init__(self, program, folder, by_processor=False):
        self.program = program
        self.by_processor = by_processor
        self.scenario = folder / "scenario.toml"

    def version(self):
        return self.call("--version").split()[-1]

    def run(self, model, customers, seed):
        self.scenario.write_text(model.toml(customers, drain=False))
        start, processor = time.perf_counter(), children()
        text = self.simulate("--replications", 1, "--threads", 1, "--seed", seed)
        seconds = children() - processor if self.by_processor else time.perf_counter() - start
        mean, _ = latency(text)
        return Run(mean, customers, seconds)

    def reference(self, model, customers):
        """Mean response of so many customers who find it empty, and its standard deviation."""
        self.scenario.write_text(model.toml(customers, drain=True))
        text = self.simulate("--replications", REPLICATIONS, "--seed", 1_000)
        mean, (low, high) = latency(text)
        return mean, (high - low) / 2 / STUDENTS_T * REPLICATIONS**0.5

    def simulate(self, *options):
        return self.call("run", self.scenario, "--format", "json", "--quiet", *options)

    def call(self, *arguments):
        command = [str(word) for word in (self.program, *arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST)
        # Exit code 1 is an objective that is missed: there is none here.
        if done.returncode != 0:
            raise Failed(last_line(done.stderr) or f"exit code {done.returncode}")
        return done.stdout

    def close(self):
        pass


def children():
    """Processor time of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def latency(text):
    mean = json.loads(text)["workloads"]["customers"]["latency"]["mean"]
    return mean["value"], mean["ci95"]


class Peer:
    """A process that simulates on demand: it says how long that took, its own start not counted."""

    def __init__(self, command, log, by_processor=False):
        self.log = log
        self.by_processor = by_processor
        pipe = subprocess.PIPE
        with log.open("w") as errors:
            self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=errors, text=True)

    def run(self, model, customers, seed):
        line = f"{model.stations} {model.servers} {model.rate} {customers} {seed} {model.name}\n"
        alarm = threading.Timer(LONGEST, self.process.kill)
        alarm.start()
        try:
            self.process.stdin.write(line)
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        finally:
            alarm.cancel()
        if not answer:
            raise Failed(last_line(self.log.read_text()) or f"no answer in {LONGEST:.0f} s")
        mean, seconds, *processor = answer.split()
        if self.by_processor and not processor:
            raise Failed("it does not say how much of a processor's time it took")
        return Run(float(mean), customers, float(processor[0] if self.by_processor else seconds))

    def close(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""


# What an environment of Python has, without asking pip, which may not be in it.
LIST = "import importlib.metadata as m, json; print(json.dumps({d.name.lower(): d.version for d in m.distributions()}))"


def versions(lock, pythons):
    """Of everything in a lock file of cargo and in environments of Python, by name."""
    found = {package["name"]: package["version"] for package in tomllib.loads(lock.read_text())["package"]}
    for python in pythons:
        listed = subprocess.run([python, "-c", LIST], check=True, capture_output=True, text=True)
        found |= {name.replace("_", "-"): version for name, version in json.loads(listed.stdout).items()}
    return found
