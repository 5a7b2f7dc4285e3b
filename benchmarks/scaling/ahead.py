#!/usr/bin/env python3
"""What asking ahead costs: the loss of Learner1D after N points with P of them in flight, beside a
learner that is asked for one at a time. Writes the table of ../../docs/scaling.md, and the plot
../../docs/asking-ahead.svg where matplotlib is installed.

    swift build -c release --product AheadBenchmark
    benchmarks/scaling/ahead.py [NMAX]         # Learner1D over all N
    benchmarks/scaling/ahead.py policies       # ways to make it cheaper, at N = 20 P; nd as well
    benchmarks/scaling/ahead.py --table        # only the tables and the plot
"""

import collections
import json
import math
import statistics
import subprocess
import sys

from measurement import BUILD, RESULTS, ROOT, count, write_between

DOCUMENT = ROOT / "docs" / "scaling.md"
PLOT = ROOT / "docs" / "asking-ahead.svg"
BEGIN, END = "<!-- ahead: made by benchmarks/scaling/ahead.py -->", "<!-- ahead: end -->"
POLICIES_BEGIN = "<!-- policies: made by benchmarks/scaling/ahead.py -->"
POLICIES_END = "<!-- policies: end -->"
CURVE = ("learner", "cost", "in_flight", "policy", "function")
FLIGHTS = (10, 100, 1_000, 10_000, 100_000)
MULTIPLES = (1, 2, 5, 10, 20, 50, 100)


def measure(most):
    run = subprocess.run(
        [str(BUILD / "AheadBenchmark"), str(most)], text=True, capture_output=True, check=True)
    found = collections.defaultdict(lambda: ([], []))
    for record in map(json.loads, run.stdout.splitlines()):
        points, losses = found[record["function"], record["cost"], record["in_flight"]]
        points.append(record["points"])
        losses.append(float(f"{record['loss']:.4g}"))
    RESULTS.mkdir(exist_ok=True)
    with open(RESULTS / "ahead.jsonl", "w", encoding="utf-8") as file:
        for (name, cost, flight), (points, losses) in found.items():
            file.write(json.dumps({
                "function": name, "cost": cost, "in_flight": flight, "points": points,
                "losses": losses}) + "\n")


def measure_policies():
    run = subprocess.run(
        [str(BUILD / "AheadBenchmark"), "policies"], text=True, capture_output=True, check=True)
    RESULTS.mkdir(exist_ok=True)
    keep_policies(run.stdout.splitlines())


def keep_policies(lines):
    """A line for each curve, losses rounded."""
    found = collections.defaultdict(lambda: ([], []))
    for record in map(json.loads, lines):
        points, losses = found[tuple(record[name] for name in CURVE)]
        points.append(record["points"])
        losses.append(float(f"{record['loss']:.4g}"))
    with open(RESULTS / "policies.jsonl", "w", encoding="utf-8") as file:
        for key, (points, losses) in found.items():
            file.write(json.dumps(
                dict(zip(CURVE, key), points=points, losses=losses)) + "\n")


def policies():
    """Loss by loss of one at a time at N = 20 P, as in `ratio`: median and worst function."""
    lines = (RESULTS / "policies.jsonl").read_text(encoding="utf-8").splitlines()
    found = {tuple(record[name] for name in CURVE): dict(zip(record["points"], record["losses"]))
             for record in map(json.loads, lines)}
    names = list(dict.fromkeys(key[3] for key in found))[1:]
    lines = ["| learner | costs | P | " + " | ".join(names) + " |", "|" + "---|" * (len(names) + 3)]
    rows = dict.fromkeys(key[:3] for key in found if key[3] == names[0])
    for learner, cost, flight in sorted(rows):
        cells = []
        for policy in names:
            ratios = {}
            for key, losses in found.items():
                if key[:4] != (learner, cost, flight, policy):
                    continue
                alone = found[learner, "fixed", flight, "one at a time", key[4]]
                ratios[key[4]] = math.exp(
                    sum(math.log(losses[n] / alone[n]) for n in losses) / len(losses))
            worst = max(ratios, key=ratios.get)
            cells.append(f"{statistics.median(ratios.values()):.2f}, {ratios[worst]:.2f} ({worst})")
        lines.append(f"| {learner} | {cost} | {count(flight)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def curves():
    """(function, cost, P) → sorted (N, loss)."""
    lines = (RESULTS / "ahead.jsonl").read_text(encoding="utf-8").splitlines()
    return {
        (record["function"], record["cost"], record["in_flight"]):
            list(zip(record["points"], record["losses"]))
        for record in map(json.loads, lines)}


def ratio(found, name, cost, flight, points):
    """Loss by loss of one at a time, geometric mean over N from 0.7 to 1.4 of `points`: the largest
    loss falls by steps, half of which can lie between the two at any single N."""
    ahead, alone = dict(found[name, cost, flight]), dict(found[name, cost, 1])
    near = [n for n in ahead if points / 1.415 <= n <= points * 1.415 and n >= flight]
    if not near or max(near) < points:
        return None
    return math.exp(sum(math.log(ahead[n] / alone[n]) for n in near) / len(near))


def points_for(curve, loss):
    """The N of the curve from which on no loss is larger, between its two neighbours."""
    needed = None
    for points, found in reversed(curve):
        if found > loss:
            break
        needed = points
    return needed


def extra(found, name, cost, flight):
    """How many times the points of one at a time the loss needs that the latter has after 20 P."""
    alone = found[name, cost, 1]
    goal = max((loss for points, loss in alone if points >= 20 * flight), default=None)
    if goal is None:
        return None
    ahead = points_for(found[name, cost, flight], goal)
    single = points_for(alone, goal)
    return ahead / single if ahead and single else None


def section(found):
    names = sorted({name for name, _, _ in found})
    lines = ["| costs | in flight P | " + " | ".join(f"N = {m} P" for m in MULTIPLES)
             + " | points for the goal |", "|" + "---|" * (len(MULTIPLES) + 3)]
    short, asked = [], 0
    for cost in ("fixed", "lognormal"):
        for flight in FLIGHTS:
            cells = []
            for multiple in MULTIPLES:
                ratios = {name: ratio(found, name, cost, flight, multiple * flight)
                          for name in names}
                ratios = {name: value for name, value in ratios.items() if value is not None}
                if not ratios:
                    cells.append("–")
                    continue
                worst = max(ratios, key=ratios.get)
                middle = statistics.median(ratios.values())
                cells.append(f"{middle:.2f}, {ratios[worst]:.2f} ({worst})")
                if multiple == 20:
                    asked += len(ratios)
                    short += [f"{name} {value:.2f} ({cost}, P = {count(flight)})"
                              for name, value in ratios.items() if value > 1.05]
            more = [value for value in (extra(found, name, cost, flight) for name in names) if value]
            cells.append(f"× {statistics.median(more):.2f}, {max(more):.2f}" if more else "–")
            lines.append(f"| {cost} | {count(flight)} | " + " | ".join(cells) + " |")
    lines += ["", "Loss with P in flight by the loss of the learner that is asked for one at a time, "
              "after as many points (geometric mean over N ± a factor of √2): median and worst of "
              + ", ".join(names) + ". Last: how many times the points the loss takes that the latter "
              "has after 20 P."]
    lines += ["", f"Above the goal of 1.05 at N = 20 P are {len(short)} of {asked} losses."]
    return "\n".join(lines)


def plot(found):
    try:
        import matplotlib
    except ImportError:
        return False
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "asking ahead"
    from matplotlib import pyplot
    names = sorted({name for name, _, _ in found})
    figure, axes = pyplot.subplots(1, len(names), figsize=(4 * len(names), 3.6), sharey=True)
    for axis, name in zip(axes, names):
        for number, flight in enumerate(FLIGHTS):
            for cost, style in (("fixed", ":"), ("lognormal", "-")):
                pairs = [(points / flight, ratio(found, name, cost, flight, points))
                         for points, _ in found[name, cost, flight] if points >= flight]
                pairs = [pair for pair in pairs if pair[1] is not None][::4]
                axis.plot(*zip(*pairs), style, color=f"C{number}", linewidth=1,
                          label=f"P = {flight:,}" if style == "-" else None)
        axis.axhline(1.05, color="grey", linewidth=0.8)
        axis.axvline(20, color="grey", linewidth=0.8)
        axis.set(xscale="log", yscale="log", title=name, xlabel="points N / in flight P")
    axes[0].set_ylabel("loss / loss of one at a time")
    axes[0].legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(PLOT, metadata={"Date": None, "Creator": None})
    return True


def main():
    wanted = sys.argv[1] if len(sys.argv) > 1 else "4000000"
    if wanted == "policies":
        measure_policies()
    elif wanted != "--table":
        measure(int(wanted))
    write_between(DOCUMENT, POLICIES_BEGIN, POLICIES_END, policies())
    found = curves()
    write_between(DOCUMENT, BEGIN, END, section(found))
    if not plot(found):
        print(f"no matplotlib: {PLOT} is as it was", file=sys.stderr)


if __name__ == "__main__":
    main()
