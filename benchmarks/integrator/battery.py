#!/usr/bin/env python3
"""The battery of Lyness and Kaganove (Computer Journal 20(2), 1977) as Gonnet has it (ACM TOMS 37(3),
2010): six families with random parameters, four tolerances; members or a comparison.

    battery.py members COUNT SEED          lines "family alpha lambda x 4 tolerance", of each family
                                           and tolerance COUNT
    battery.py compare MEMBERS PEER OURS…  a table from the members and the answers of both
    battery.py reference MEMBERS PEER      the same as JSON, for the tests

Families, with lambda uniform in the interval:

    1  |x - lambda|^alpha on [0, 1], alpha in [-0.5, 0]                  singularity
    2  exp(alpha x) where x > lambda on [0, 1], alpha in [0, 1]          jump
    3  exp(-alpha |x - lambda|) on [0, 1], alpha in [0, 4]               kink
    4  a / ((x - lambda)^2 + a) on [1, 2], a = 10^[-6, -3]               peak
    5  the same with four peaks, a = 10^[-5, -3]                         peaks
    6  2 b (x - lambda) cos(b (x - lambda)^2) on [0, 1],
       b = 10^[1.8, 2] / max(lambda^2, (1 - lambda)^2)                   oscillation
"""
import json
import math
import random
import sys

TOLERANCES = (1e-3, 1e-6, 1e-9, 1e-12)


def members(count, seed):
    source = random.Random(seed)
    for family in range(1, 7):
        for _ in range(count):
            shift = 1 if family in (4, 5) else 0
            places = [shift + source.random() for _ in range(4)]
            far = max(places[0], 1 - places[0]) ** 2
            alpha = {
                1: lambda: -0.5 * source.random(),
                2: lambda: source.random(),
                3: lambda: 4 * source.random(),
                4: lambda: 10 ** source.uniform(-6, -3),
                5: lambda: 10 ** source.uniform(-5, -3),
                6: lambda: 10 ** source.uniform(1.8, 2) / far,
            }[family]()
            for tolerance in TOLERANCES:
                yield (family, alpha, *places, tolerance)


def exact(family, a, places):
    """The integral, by hand."""
    x = places[0]
    if family == 1:
        return (x ** (a + 1) + (1 - x) ** (a + 1)) / (a + 1)
    if family == 2:
        return math.exp(a * x) * math.expm1(a * (1 - x)) / a
    if family == 3:
        return -(math.expm1(-a * x) + math.expm1(-a * (1 - x))) / a
    if family == 6:
        return math.sin(a * (1 - x) ** 2) - math.sin(a * x**2)
    root = math.sqrt(a)
    used = places[:1] if family == 4 else places
    return sum(root * (math.atan((2 - x) / root) + math.atan((x - 1) / root)) for x in used)


def read(path, width):
    with open(path, encoding="ascii") as lines:
        rows = [[float(number) for number in line.split()] for line in lines]
    assert all(len(row) == width for row in rows), path
    return rows


def is_correct(member, answer):
    truth = exact(int(member[0]), member[1], member[2:6])
    return abs(answer[1] - truth) <= member[6] * abs(truth)


def compare(path, peer_path, our_paths):
    rows = read(path, 7)
    peer = read(peer_path, 3)
    print("| tolerance | family | CQUAD: evaluations | correct |"
          + "".join(f" {name}: × CQUAD | correct |" for name in our_paths))
    print("|---|---|---|---|" + "---|---|" * len(our_paths))
    ours = [read(name, 3) for name in our_paths]
    assert all(len(answers) == len(rows) for answers in [peer, *ours]), "answers are missing"
    for tolerance in TOLERANCES:
        for family in (*range(1, 7), 0):
            chosen = [index for index, row in enumerate(rows)
                      if row[6] == tolerance and family in (row[0], 0)]
            base = sum(peer[index][0] for index in chosen)
            right = sum(is_correct(rows[index], peer[index]) for index in chosen)
            line = (f"| {tolerance:g} | {family or 'all'} | {base / len(chosen):.0f} |"
                    f" {right} of {len(chosen)} |")
            for answers in ours:
                sum_ = sum(answers[index][0] for index in chosen)
                good = sum(is_correct(rows[index], answers[index]) for index in chosen)
                line += f" {sum_ / base:.3f} | {good} |"
            print(line)


def reference(path, peer_path):
    answers = zip(read(path, 7), read(peer_path, 3))
    print(json.dumps({"cquad": [
        [*row, answer[0], exact(int(row[0]), row[1], row[2:6]), int(is_correct(row, answer))]
        for row, answer in answers]}))


if __name__ == "__main__":
    task, *rest = sys.argv[1:]
    if task == "members":
        for member in members(int(rest[0]), int(rest[1])):
            print(*(repr(number) for number in member))
    elif task == "reference":
        reference(*rest)
    else:
        compare(rest[0], rest[1], rest[2:])
