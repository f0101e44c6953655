"""W4, revenue with whales, as people write it with numpy: 50,000 users per arm, 3 % pay a lognormal(3, 1.5) amount,
one payer in thirty is a whale who pays fifty times as much; Welch's t at the end, both arms alike.

  revenue.py dense REPLICATIONS    every user a coin and an amount, one replication after the other (what
                                   everybody writes)
  revenue.py payers REPLICATIONS   a binomial count of payers, amounts for them alone (the best array code)

Prints processor seconds of the simulation itself (no import, no start-up), replications per second and the rate of
rejection, which must be near .037 for the timing to mean anything: t on such tails rejects less often than .05.
"""

import sys
import time

import numpy

USERS, PAYER_RATE, LOG_MEAN, LOG_SD = 50_000, 0.03, 3.0, 1.5
WHALE_SHARE, MULTIPLIER, CRITICAL = 1 / 30, 50.0, 1.96


def amounts(generator, payers):
    values = generator.lognormal(LOG_MEAN, LOG_SD, payers)
    values[generator.random(payers) < WHALE_SHARE] *= MULTIPLIER
    return values


def dense(generator):
    """Mean and variance of the mean of one arm, all its users in one array."""
    values = generator.lognormal(LOG_MEAN, LOG_SD, USERS)
    values *= numpy.where(generator.random(USERS) < WHALE_SHARE, MULTIPLIER, 1.0)
    values *= generator.random(USERS) < PAYER_RATE
    return values.mean(), values.var(ddof=1) / USERS


def payers(generator):
    """The same from the payers' sums: the others are zeros."""
    values = amounts(generator, generator.binomial(USERS, PAYER_RATE))
    mean = values.sum() / USERS
    return mean, (numpy.square(values).sum() - USERS * mean * mean) / (USERS - 1) / USERS


def main():
    kind, replications = sys.argv[1], int(sys.argv[2])
    arm = {"dense": dense, "payers": payers}[kind]
    generator = numpy.random.default_rng(1)
    rejected = 0
    start = time.process_time()
    for _ in range(replications):
        (mean_a, variance_a), (mean_b, variance_b) = arm(generator), arm(generator)
        rejected += abs(mean_b - mean_a) >= CRITICAL * (variance_a + variance_b) ** 0.5
    seconds = time.process_time() - start
    print(f"{seconds:.4f} {replications / seconds:.0f} {rejected / replications:.4f}")


if __name__ == "__main__":
    main()
