#!/usr/bin/env python3
"""Writes the table of ../README.md between its two markers from the files in results/."""

import importlib
import json

from measurement import HERE, RESULTS, load, write_between

CLAIMS = ("null_learner", "learner1d", "one_point", "gap", "sleeping", "waking", "idle", "memory",
          "start", "kill", "growth")
BEGIN, END = "<!-- scaling: made by scaling/table.py -->", "<!-- scaling: end -->"


def section():
    lines = ["| what | found | beside it, in the same run | goal | |", "|---|---|---|---|---|"]
    machines, others = set(), []
    for claim in CLAIMS:
        path = RESULTS / f"{claim}.jsonl"
        if not path.exists():
            continue
        with open(path, encoding="utf-8") as file:
            first = json.loads(file.readline())
        machines.add(f"{first['machine']}, {first['cores']} cores, Linux {first['kernel']}, "
                     f"{first['date']}, commit {first['commit']}")
        records = load(claim)
        others += [record["others_busy"] for record in records]
        lines += ["| " + " | ".join(row) + " |"
                  for row in importlib.import_module(claim).rows(records)]
    lines += ["", "Machine: " + "; ".join(sorted(machines)) + ". Just before the runs, others kept "
              f"{sum(others) / max(1, len(others)):.0%} of its cores busy on average, "
              f"{max(others, default=0):.0%} at most."]
    return "\n".join(lines)


def main():
    path = HERE.parent / "README.md"
    write_between(path, BEGIN, END, section())


if __name__ == "__main__":
    main()
