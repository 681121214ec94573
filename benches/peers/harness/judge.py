"""Whether an engine simulated the model: does its mean agree with theory, or else with knee?"""

import math
from dataclasses import dataclass

from .engines import REPLICATIONS
from .models import Theory

# Standard errors that an answer may be off. One honest answer in 16,000 is further off.
ERRORS = 4.0

# How means spread is measured with at most so many customers, and follows 1/√n from there.
SHORT = 50_000


@dataclass(frozen=True)
class Verdict:
    mean: float
    expected: float
    tolerance: float

    @property
    def agrees(self):
        return abs(self.mean - self.expected) <= self.tolerance


class Judge:
    """Knows what a number of customers can expect who find the model empty at first."""

    def __init__(self, model, knee, long_runs):
        self.model = model
        self.knee = knee
        self.long_runs = long_runs  # knee's own
        self.theory = Theory(model.servers, model.rate) if is_known(model) else None
        self.references = {}

    def verdict(self, runs):
        customers = runs[0].customers
        expected, uncertainty = self.expected(customers)
        tolerance = ERRORS * math.hypot(self.deviation(customers, len(runs)), uncertainty)
        return Verdict(mean(runs), expected, tolerance)

    def expected(self, customers):
        """Mean response of so many customers, and its standard error: exact for a single queue."""
        if self.theory:
            return self.theory.mean_of_first(customers), 0.0
        short = min(customers, SHORT)
        of_short = self.reference(short)[0], self.deviation(short, REPLICATIONS)
        long = self.long_runs[0].customers
        if customers == short or long <= short:
            return of_short
        of_long = mean(self.long_runs), self.deviation(long, len(self.long_runs))
        # What an empty start saves is spread over all customers: means are linear in 1/n.
        share = (1 / customers - 1 / long) / (1 / short - 1 / long)
        both = zip((share, 1 - share), (of_short, of_long))
        parts = [(weight * value, weight * error) for weight, (value, error) in both]
        return sum(value for value, _ in parts), math.hypot(*(error for _, error in parts))

    def deviation(self, customers, runs):
        """Standard error of the mean over so many runs, of so many customers each."""
        short = min(customers, SHORT)
        return self.reference(short)[1] * math.sqrt(short / customers / runs)

    def reference(self, customers):
        """Mean and standard deviation of short runs, by knee."""
        if customers not in self.references:
            self.references[customers] = self.knee.reference(self.model, customers)
        return self.references[customers]


def is_known(model):
    """Whether theory says what the first customers can expect, and not only all in the long run."""
    return model.stations == 1 and not model.is_constant and not model.parts


def mean(runs):
    return sum(run.mean for run in runs) / len(runs)
