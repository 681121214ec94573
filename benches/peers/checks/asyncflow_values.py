"""AsyncFlow: what its random variables are, drawn 200,000 times each."""

import numpy
from asyncflow.samplers.common_helpers import general_sampler
from asyncflow.schemas.common.random_variables import RVConfig

rng = numpy.random.default_rng(1)
for variable in (
    {"distribution": "exponential", "mean": 0.02},
    {"distribution": "normal", "mean": 0.1, "variance": 0.0001},
    {"distribution": "log_normal", "mean": 0.003, "variance": 0.000001},
    {"distribution": "uniform", "mean": 0.02},
):
    drawn = numpy.array([general_sampler(RVConfig(**variable), rng) for _ in range(200_000)])
    print(f"{variable}: mean {drawn.mean():.4g}, variance {drawn.var():.4g}")
