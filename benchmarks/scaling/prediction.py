#!/usr/bin/env python3
"""64 leaves that sleep 10 ms or 100 ms on the cores there are: predicted by the calibrated model
before they are measured. Writes the table of ../../docs/scaling.md; both figures are kept.

    benchmarks/scaling/calibrate/calibrate.py      # writes the model, from 1 leaf
    benchmarks/scaling/prediction.py
"""

import json
import sys
import time

from measurement import HERE, RESULTS, ROOT, TREE, in_turns, load, median, world, write_between

sys.path.insert(0, str(HERE / "calibrate"))
from calibrate import simulated

LEAVES, SECONDS = 64, 5
COSTS = (0.01, 0.1)
DOCUMENT = ROOT / "docs" / "scaling.md"
BEGIN, END = "<!-- prediction: made by benchmarks/scaling/prediction.py -->", "<!-- prediction: end -->"


def predict():
    with open(RESULTS / "prediction.json", "w", encoding="utf-8") as file:
        for cost in COSTS:
            found = simulated(HERE / "calibrate" / "two-cores.yaml", LEAVES, cost, SECONDS)
            file.write(json.dumps(dict(
                found, predicted_at=time.strftime("%Y-%m-%d %H:%M:%S"))) + "\n")


def predictions():
    with open(RESULTS / "prediction.json", encoding="utf-8") as file:
        return {record["seconds_per_point"]: record for record in map(json.loads, file)}


def measure():
    in_turns("prediction", {
        f"{cost} s": lambda cost=cost: world(
            LEAVES + 2, TREE, f"time={SECONDS}", f"seconds={cost}", "cost=sleep",
            f"leaves={LEAVES}")
        for cost in COSTS})


def section():
    records = load("prediction")
    lines = ["| 64 leaves, a point sleeps | busy, predicted | measured | root's load, predicted | measured "
             "| gap p50, predicted | measured |", "|" + "---|" * 7]
    for cost, found in predictions().items():
        case = f"{cost} s"
        lines.append(
            f"| {cost * 1000:g} ms | {found['busy_share']:.2%} | {median(records, case, 'busy_share'):.2%} "
            f"| {found['root_load']:.2%} | {median(records, case, 'root_load'):.2%} "
            f"| {found['gap_us_p50']:.0f} µs | {median(records, case, 'gap_us_p50'):.0f} µs |")
    others = [record["others_busy"] for record in records]
    when = max(found["predicted_at"] for found in predictions().values())
    lines += ["", f"Predicted by the model two-cores at {when}, then measured, median of {len(records) // 2} runs; others "
              f"kept {sum(others) / len(others):.0%} of the cores busy just before."]
    return "\n".join(lines)


def main():
    if "--table" not in sys.argv:
        RESULTS.mkdir(exist_ok=True)
        predict()
        measure()
    write_between(DOCUMENT, BEGIN, END, section())


if __name__ == "__main__":
    main()
