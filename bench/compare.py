"""Compares windtunnel with what people write instead, interleaved in one run, and prints Markdown.

  bench/compare.py build/release/windtunnel > results/benchmarks.md
  bench/compare.py build/avx2/windtunnel > results/benchmarks-avx2.md    # cmake -B build/avx2 -D WINDTUNNEL_ARCH=x86-64-v3

Every round runs each program once, in turn, so that a machine that speeds up or slows down does so for all;
ratios are taken within rounds and given as median [least .. most]. Times are processor seconds: of the whole
process for windtunnel (start-up, reading, compiling the scenario and all its measures included), of the
simulation alone for the peers. Needs python3 with numpy.
"""

import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time

BENCH = pathlib.Path(__file__).resolve().parent
SCENARIOS = BENCH.parent / "scenarios"
PEEKING = BENCH / "scenarios" / "peeking.json"
REVENUE = BENCH / "scenarios" / "revenue.json"
KEPT = BENCH / "scenarios" / "users.json"
OURS, INCREMENTS, USERS = 4_000_000, 100_000, 1_000
REVENUE_OURS, DENSE, PAYERS = 50_000, 300, 5_000
KEPT_OURS, KEPT_USERS = 400_000, 200


def run(*command):
    """Processor seconds, wall seconds and peak memory (MB) of a process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with status {status}")
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024


def peer(script, kind, replications, rate):
    """Processor seconds per replication of a numpy peer, by its own clock; `rate` is what it must reject, nearly."""
    text = subprocess.run([sys.executable, BENCH / "peers" / script, kind, str(replications)],
                          check=True, capture_output=True, text=True).stdout
    seconds, _, rejected = map(float, text.split())
    if abs(rejected - rate) > 5 * (rate / replications) ** 0.5:
        sys.exit(f"the {kind} peer of {script} rejects {rejected}: it measures something else")
    return seconds / replications


def spread(values, digits=0):
    return f"{statistics.median(values):,.{digits}f} [{min(values):,.{digits}f} .. {max(values):,.{digits}f}]"


def against_peers(program, rounds, scenario, replications, script, peers, rate):
    """Seconds per replication of ours, and how many times faster it is than each peer {kind: replications}."""
    seconds, ratios = [], {kind: [] for kind in peers}
    for _ in range(rounds):
        seconds.append(run(program, "run", scenario, "-q", "-j", "1", "-n", str(replications))[0] / replications)
        for kind, count in peers.items():
            ratios[kind].append(peer(script, kind, count, rate) / seconds[-1])
    print("| against | what it does | times faster |\n| --- | --- | --- |")
    return seconds, ratios


def peeking(program, rounds):
    print("## Daily peeking (W1), one thread\n")
    peers = {"increments": INCREMENTS, "users": USERS}
    seconds, ratios = against_peers(program, rounds, PEEKING, OURS, "peeking.py", peers, 0.2196)
    print(f"| numpy, increments | binomial increments, all replications in one array | {spread(ratios['increments'])} |")
    print(f"| numpy, users | every user a Bernoulli draw, cumulative sums | {spread(ratios['users'])} |")
    nanoseconds = spread([1e9 * each for each in seconds], 1)
    print(f"\nwindtunnel: {nanoseconds} ns per replication, all measures on. Increments and users share the")
    print("law of every decision, not the log of users: the second line compares answers, not work.\n")


def revenue(program, rounds):
    print("## Revenue with whales (W4), one thread\n")
    peers = {"dense": DENSE, "payers": PAYERS}
    seconds, ratios = against_peers(program, rounds, REVENUE, REVENUE_OURS, "revenue.py", peers, 0.037)
    print(f"| numpy, dense | every user a coin and an amount | {spread(ratios['dense'])} |")
    print(f"| numpy, payers only | a binomial count of payers, amounts for them alone | {spread(ratios['payers'], 1)} |")
    microseconds = spread([1e6 * each for each in seconds], 1)
    print(f"\nwindtunnel: {microseconds} microseconds per replication of 2 x 50,000 users, all measures on.\n")


def users(program, rounds):
    """Users per second of the path that every feature and outcome has, by its benchmark and through the program."""
    plan = subprocess.run([program, "check", KEPT], check=True, capture_output=True, text=True).stdout
    if "users one by one" not in plan:
        sys.exit(f"{KEPT.name} is not run user by user")
    bench = [pathlib.Path(program).parent / "windtunnel_bench", "--benchmark_filter=^users_bernoulli",
             "--benchmark_format=json"]
    rates = {"users_bernoulli": [], "users_bernoulli_by_lane": []}
    kept = []
    for _ in range(rounds):
        text = subprocess.run(bench, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
        for timed in json.loads(text)["benchmarks"]:
            rates[timed["name"]].append(timed["items_per_second"] / 1e6)
        seconds = run(program, "run", KEPT, "-q", "-j", "1", "-n", str(KEPT_OURS))[0]
        kept.append(KEPT_OURS * KEPT_USERS / seconds / 1e6)
    print("## Users one by one, one thread\n")
    print("| Bernoulli users | million users a second |\n| --- | --- |")
    print(f"| of one rate, as many in all replications | {spread(rates['users_bernoulli'])} |")
    print(f"| of other rates and numbers in each replication | {spread(rates['users_bernoulli_by_lane'])} |")
    print(f"| kept with what is known of them, through the program | {spread(kept)} |")
    print("\nThe first two are `windtunnel_bench`: sums of 0-1 outcomes have a law, so that scenarios draw those, and users")
    print("for themselves only to test it. The third is `bench/scenarios/users.json`, where each one matters: users may")
    print("return, and what they did is known late.\n")


BANDITS = {
    # policy and arms: replications of ours and of the peer, steps of the peer
    ("thompson", 2): (8192, 1000, 1000),
    ("thompson", 10): (1024, 1000, 500),
    ("ucb1", 2): (8192, 1000, 2000),
    ("ucb1", 10): (4096, 1000, 1000),
    ("epsilon", 2): (8192, 1000, 1000),
    ("epsilon", 10): (4096, 1000, 1000),
    ("tutorial", 2): (8192, 2, 20_000),
}


def bandits(program, rounds):
    """Steps of one replication per second against numpy's, by the peer's own clock and our whole process."""
    print("## Bandits (W3), 10,000 users, one thread\n")
    print("| policy | arms | ns a step | times faster than numpy |\n| --- | --- | --- | --- |")
    text = (BENCH / "scenarios" / "bandits.json").read_text()
    ten = ", ".join(f"{0.1 + 0.4 * arm / 9:.6f}" for arm in range(10))
    policies = {"thompson": '"thompson"', "ucb1": '"ucb1"', "epsilon": '{ "type": "epsilon_greedy", "epsilon": 0.1 }',
                "tutorial": '"thompson"'}
    with tempfile.TemporaryDirectory() as folder:
        for (policy, arms), (ours, theirs, steps) in BANDITS.items():
            scenario = pathlib.Path(folder) / f"{policy}-{arms}.json"
            changed = text.replace('"thompson"', policies[policy])
            if arms == 10:
                changed = changed.replace("[0.4, 0.5]", f"[{ten}]").replace('"arms": 2', '"arms": 10')
            scenario.write_text(changed)
            nanoseconds, ratios = [], []
            for _ in range(rounds):
                seconds = run(program, "run", scenario, "-q", "-j", "1", "-n", str(ours))[0]
                command = [sys.executable, BENCH / "peers" / "bandits.py", policy, str(arms), str(theirs), str(steps)]
                rate = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[1])
                nanoseconds.append(1e9 * seconds / (ours * 10_000))
                ratios.append(1e9 / rate / nanoseconds[-1])
            print(f"| {policy} | {arms} | {spread(nanoseconds, 1)} | {spread(ratios, 1)} |")
    print("\nThe regret curve and all other measures are on. The peer breaks ties by the lowest index; `tutorial` is Thompson")
    print("sampling one user at a time in a Python loop.\n")


def batches(program, rounds):
    """A day of Thompson sampling that learns daily, few users and many."""
    text = json.loads((BENCH / "scenarios" / "bandits.json").read_text())
    text["strategies"]["bandit"]["policy"] = {"type": "thompson", "rounds": {"every_days": 1}}
    microseconds = {}
    with tempfile.TemporaryDirectory() as folder:
        for users in (1_000, 1_000_000):
            text["world"]["traffic"] = {"users_per_day": users, "days": 28}
            scenario = pathlib.Path(folder) / f"{users}.json"
            scenario.write_text(json.dumps(text))
            command = [program, "run", scenario, "-q", "-j", "1", "-n", "10000"]
            microseconds[users] = [1e6 * run(*command)[0] / (10_000 * 28) for _ in range(rounds)]
    few, many = (spread(microseconds[users], 1) for users in (1_000, 1_000_000))
    print("## A policy that learns daily\n")
    print(f"A day of 1,000 users of one replication takes {few} microseconds, one of 1,000,000 users {many}.\n")


def daily(program, rounds):
    scenario = SCENARIOS / "daily-peeking.json"
    text = scenario.read_text()
    with tempfile.TemporaryDirectory() as folder:
        seventh = pathlib.Path(folder) / "seven.json"
        seventh.write_text(text.replace('"fixed horizon": {', '"Pocock": { "rule": "group_sequential", "boundary": "pocock" },\n    "fixed horizon": {', 1))
        walls, more = [], []
        for _ in range(rounds):
            six = run(program, "run", scenario, "-n", "1e6", "-q", "-j", "1")[0]
            seven = run(program, "run", seventh, "-n", "1e6", "-q", "-j", "1")[0]
            walls.append(run(program, "run", scenario, "-j", "2")[1])
            more.append(100 * (seven / six - 1))
    print("## `daily-peeking`: six strategies, two cells, 100,000 replications\n")
    print(f"Start to table on two threads: {spread(walls, 2)} s. A seventh strategy (Pocock) costs {spread(more, 1)} %")
    print("more processor time.\n")


def threads(program, rounds):
    command = [program, "run", PEEKING, "-q", "-n", str(8 * OURS)]
    scaling, twins = [], []
    for _ in range(rounds):
        one = run(*command, "-j", "1")[1]
        two = run(*command, "-j", "2")[1]
        start = time.perf_counter()
        pair = [subprocess.Popen([*command, "-j", "1"], stdout=subprocess.DEVNULL) for _ in range(2)]
        for process in pair:
            process.wait()
        together = (time.perf_counter() - start) / 2
        scaling.append(one / two)
        twins.append(one / together)
    print("## Threads\n")
    print(f"Two threads against one: {spread(scaling, 2)} times. Two independent processes of one thread, run together,")
    print(f"reach {spread(twins, 2)}: what the machine gives.\n")


def memory(program):
    print("## Memory\n\n| replications | peak memory |\n| --- | --- |")
    for replications in ("1e5", "1e7", "1e9"):
        print(f"| {replications} | {run(program, 'run', PEEKING, '-q', '-n', replications)[2]:.0f} MB |")


def main():
    program = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    model = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    print(f"# Benchmarks\n\nMade by `bench/compare.py {' '.join(sys.argv[1:])}`.\n")
    print(f"{version}; {model.group(1) if model else platform.processor()}, {os.cpu_count()} cores; {rounds} rounds.\n")
    peeking(program, rounds)
    revenue(program, rounds)
    users(program, rounds)
    bandits(program, rounds)
    batches(program, rounds)
    daily(program, rounds)
    threads(program, rounds)
    memory(program)


if __name__ == "__main__":
    main()
