"""W1, daily peeking, as people write it with numpy: 14 looks, 1,000 users per arm and day, 5 % against 5 %,
pooled two-sided z at .05 after every look, stop at the first rejection.

  peeking.py increments REPLICATIONS   binomial increments, all replications as one array (the best array code)
  peeking.py users REPLICATIONS        every user a Bernoulli draw, cumulative sums (the usual vectorisation)

Prints processor seconds of the simulation itself (no import, no start-up), replications per second and the rate of
rejection, which must be near .2196 for the timing to mean anything.
"""

import sys
import time

import numpy

LOOKS, USERS, RATE, CRITICAL = 14, 1000, 0.05, 1.959963984540054


def rejects(successes_a, successes_b):
    """Which replications stop; inputs are cumulative successes, shape (replications, looks)."""
    users = USERS * numpy.arange(1, LOOKS + 1)
    pooled = (successes_a + successes_b) / (2 * users)
    error = numpy.sqrt(pooled * (1 - pooled) * 2 / users)
    with numpy.errstate(divide="ignore", invalid="ignore"):
        z = (successes_b - successes_a) / users / error
    return (numpy.abs(z) >= CRITICAL).any(axis=1)


def increments(generator, replications):
    a, b = (generator.binomial(USERS, RATE, (replications, LOOKS)).cumsum(axis=1) for _ in range(2))
    return rejects(a, b)


def users(generator, replications):
    def arm():
        outcomes = generator.random((replications, LOOKS * USERS)) < RATE
        return outcomes.cumsum(axis=1)[:, USERS - 1 :: USERS]

    return rejects(arm(), arm())


def main():
    kind, replications = sys.argv[1], int(sys.argv[2])
    simulate, block = (increments, 10_000) if kind == "increments" else (users, 100)
    generator = numpy.random.default_rng(1)
    start = time.process_time()
    rejected = sum(int(simulate(generator, block).sum()) for _ in range(replications // block))
    seconds = time.process_time() - start
    done = replications // block * block
    print(f"{seconds:.4f} {done / seconds:.0f} {rejected / done:.4f}")


if __name__ == "__main__":
    main()
