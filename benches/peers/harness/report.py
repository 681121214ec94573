"""What is printed, and what is written for programs."""

import datetime
import json
import os
import platform
import statistics
import subprocess
from dataclasses import asdict, dataclass, field

from .models import MODELS


@dataclass
class Result:
    """What one engine did."""

    name: str
    version: str
    language: str
    models: list  # names of those that it can express
    runs: dict = field(default_factory=dict)  # of each model
    verdicts: dict = field(default_factory=dict)
    failure: str = ""

    def ns(self, model):
        """Median nanoseconds a customer, of an engine that simulated the model."""
        if not self.is_sound(model):
            return None
        return statistics.median(run.ns for run in self.runs[model.name])

    def is_sound(self, model):
        verdict = self.verdicts.get(model.name)
        return verdict is not None and verdict.agrees

    @property
    def is_fine(self):
        return all(self.is_sound(model) for model in MODELS if model.name in self.models)


# Measured on a machine of this kind in 2026, earlier, with other programs: nanoseconds a customer.
QUOTED = [
    ("hand-written loop, heapq, PyPy", 320, 1_020, 1_380),
    ("hand-written loop, heapq, CPython", 930, 1_190, 1_670),
    ("cimba (C)", 140, 235, 265),
    ("ns-3 scheduler (C++)", 190, 276, 283),
    ("SimGrid (C++)", 1_560, 1_785, None),
    ("SimPy on PyPy", 2_300, 4_500, 6_900),
]


def answers(results):
    """Mean responses beside what is expected."""
    yield "mean response in seconds, and what so many customers can expect"
    yield f"{'engine':<15}" + "".join(f"{model.title:>35}" for model in MODELS)
    for result in results:
        cells = [answer(result, model) for model in MODELS]
        yield f"{result.name:<15}" + "".join(f"{cell:>35}" for cell in cells)


def answer(result, model):
    verdict = result.verdicts.get(model.name)
    if verdict is None:
        return "failed" if model.name in result.models else "–"
    if verdict.mean == verdict.expected:
        return f"{verdict.mean:.3f}, the reference"
    word = "" if verdict.agrees else "disagrees: "
    return f"{word}{verdict.mean:.3f}, {verdict.expected:.3f} ± {verdict.tolerance:.3f}"


def speeds(results):
    """Nanoseconds a customer, and how many times as long as knee."""
    yield "nanoseconds a customer, and how many times as long as knee takes"
    yield f"{'engine':<15}{'version':>9}  {'language':<9}" + "".join(
        f"{model.title:>14}{'× knee':>9}" for model in MODELS
    )
    knee = results[0]
    for result in results:
        row = f"{result.name:<15}{result.version:>9}  {result.language:<9}"
        for model in MODELS:
            row += speed(result, model, knee.ns(model))
        yield row
        if result.failure:
            yield f"  {result.failure}"


def speed(result, model, knee):
    ns = result.ns(model)
    if model.name not in result.models:
        return f"{'–':>14}{'':>9}"
    if ns is None:
        return f"{'disagrees' if model.name in result.verdicts else 'failed':>14}{'':>9}"
    ratio = f"{ns / knee:.1f}" if knee else ""
    return f"{shown(ns):>14}{ratio:>9}"


def quoted():
    yield "quoted, not run: measured on such a machine in 2026, earlier; nanoseconds a customer"
    titles = [model.title for model, _ in zip(MODELS, QUOTED[0][1:])]
    yield f"{'':<36}" + "".join(f"{title:>14}" for title in titles)
    for name, *columns in QUOTED:
        cells = ("–" if ns is None else shown(ns) for ns in columns)
        yield f"{name:<36}" + "".join(f"{cell:>14}" for cell in cells)


def shown(ns):
    return f"{ns:.1f}" if ns < 100 else f"{ns:,.0f}"


def sizes(results):
    """How many customers each served in a round."""
    counts = {}
    for result in results:
        if result.verdicts:
            served = tuple(result.runs[name][0].customers for name in result.models)
            counts.setdefault(served, []).append(result.name)
    yield "customers a round of each model: slow engines serve fewer"
    for served, names in counts.items():
        yield f"{', '.join(names)}: " + " / ".join(f"{count:,}" for count in served)


def machine():
    """What it was measured on."""
    rustc = subprocess.run(["rustc", "--version"], capture_output=True, text=True).stdout.strip()
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "rustc": rustc,
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
    }


def processor():
    try:
        with open("/proc/cpuinfo") as lines:
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def for_programs(results, rounds):
    knee = results[0]
    engines = [
        {
            "engine": result.name,
            "version": result.version,
            "language": result.language,
            "failure": result.failure or None,
            "models": {model.name: numbers(result, model, knee) for model in MODELS},
        }
        for result in results
    ]
    names = [model.name for model in MODELS]
    quotes = [{"engine": name, "ns": dict(zip(names, columns))} for name, *columns in QUOTED]
    whole = {"machine": machine(), "rounds": rounds, "models": [asdict(model) for model in MODELS]}
    return json.dumps(whole | {"engines": engines, "quoted": quotes}, indent=1, ensure_ascii=False)


def numbers(result, model, knee):
    runs, verdict = result.runs.get(model.name, []), result.verdicts.get(model.name)
    if verdict is None:
        return None
    ns, base = result.ns(model), knee.ns(model)
    return {
        "customers": runs[0].customers,
        "mean": verdict.mean,
        "expected": verdict.expected,
        "tolerance": verdict.tolerance,
        "agrees": verdict.agrees,
        "ns": ns,
        "ns-of-rounds": [run.ns for run in runs] if ns is not None else None,
        "times-knee": ns / base if ns is not None and base else None,
    }
