"""W3, bandits, as people write them with numpy: all replications side by side, one array operation per step; or,
as tutorials do, one user of one replication at a time.

  bandits.py POLICY ARMS REPLICATIONS [STEPS]   POLICY: thompson (Beta(1, 1)), ucb1, epsilon (.1) or tutorial (Thompson)

Bernoulli arms .4 and .5, or ten from .1 to .5. Prints processor seconds of the simulation itself (no import, no
start-up), steps per second and the mean regret, which must be right for the timing to mean anything.
"""

import sys
import time

import numpy

EPSILON = 0.1


def thompson(generator, users, wins, step):
    return generator.beta(wins + 1, users - wins + 1).argmax(axis=1)


def ucb1(generator, users, wins, step):
    if step < users.shape[1]:
        return numpy.full(len(users), step)
    return (wins / users + numpy.sqrt(2 * numpy.log(step) / users)).argmax(axis=1)


def epsilon(generator, users, wins, step):
    replications, arms = users.shape
    if step < arms:
        return numpy.full(replications, step)
    explores = generator.random(replications) < EPSILON
    return numpy.where(explores, generator.integers(arms, size=replications), (wins / users).argmax(axis=1))


def simulate(generator, choose, rates, replications, steps):
    users, wins = numpy.zeros((2, replications, len(rates)))
    lanes, regret = numpy.arange(replications), numpy.zeros(replications)
    for step in range(steps):
        arm = choose(generator, users, wins, step)
        users[lanes, arm] += 1
        wins[lanes, arm] += generator.random(replications) < rates[arm]
        regret += rates.max() - rates[arm]
    return regret


def tutorial(rates, replications, steps):
    regret = numpy.zeros((replications, steps))
    for replication in range(replications):
        alpha, beta = numpy.ones(len(rates)), numpy.ones(len(rates))
        for step in range(steps):
            arm = numpy.argmax(numpy.random.beta(alpha, beta))
            reward = numpy.random.binomial(1, rates[arm])
            alpha[arm] += reward
            beta[arm] += 1 - reward
            regret[replication, step] = numpy.max(rates) - rates[arm]
    return regret.sum(axis=1)


def main():
    policy, arms, replications = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    steps = int(sys.argv[4]) if len(sys.argv) > 4 else 10_000
    rates = numpy.array([0.4, 0.5]) if arms == 2 else numpy.linspace(0.1, 0.5, arms)
    generator = numpy.random.default_rng(1)
    start = time.process_time()
    if policy == "tutorial":
        regret = tutorial(rates, replications, steps)
    else:
        choose = {"thompson": thompson, "ucb1": ucb1, "epsilon": epsilon}[policy]
        regret = simulate(generator, choose, rates, replications, steps)
    seconds = time.process_time() - start
    print(f"{seconds:.4f} {replications * steps / seconds:.0f} {regret.mean():.4f}")


if __name__ == "__main__":
    main()
