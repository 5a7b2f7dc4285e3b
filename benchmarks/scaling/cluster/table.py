#!/usr/bin/env python3
"""A table, and a plot where matplotlib is installed, of what a series brought back.

    table.py FOLDER|FILE… [--simulated FILE] [--plot scaling.png]

Reads every *.jsonl in the folders. `--simulated` lays a simulator's sweep, JSON lines with the same
columns, over the measured points: as further rows, and as lines in the plot.
"""

import argparse
import json
import pathlib

COLUMNS = (
    "ranks", "leaves", "seconds_per_point", "distribution", "points", "busy_share",
    "points_per_second", "root_load", "gap_us_p50", "gap_us_p99", "start_seconds",
    "checkpoint_share")


def read(paths, origin):
    records = []
    for path in map(pathlib.Path, paths):
        for file in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
            for line in file.read_text(encoding="utf-8").splitlines():
                if line.startswith("{"):
                    records.append({"origin": origin, **json.loads(line)})
    return records


def text(value):
    if value is None:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def table(records):
    lines = ["| " + " | ".join(("origin", *COLUMNS)) + " |", "|" + "---|" * (len(COLUMNS) + 1)]
    def key(record):
        return (record.get("distribution") or "", record["seconds_per_point"], record["leaves"],
                record["origin"])
    for record in sorted(records, key=key):
        cells = [record["origin"], *(text(record.get(column)) for column in COLUMNS)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def plot(records, path):
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot
    figure, axes = pyplot.subplots(1, 3, figsize=(15, 4.5))
    lines = {(record.get("distribution"), record["seconds_per_point"]) for record in records}
    for number, line in enumerate(sorted(lines, key=str)):
        for origin, style in (("measured", "o"), ("simulated", "-")):
            chosen = sorted(
                (record for record in records if record["origin"] == origin
                 and (record.get("distribution"), record["seconds_per_point"]) == line),
                key=lambda record: record["leaves"])
            if not chosen:
                continue
            for axis, column in zip(axes, ("busy_share", "points_per_second", "root_load")):
                axis.plot(
                    [record["leaves"] for record in chosen],
                    [record.get(column) for record in chosen], style, color=f"C{number % 10}",
                    label=f"{line[1]:g} s, {line[0]}, {origin}")
    for axis, title in zip(axes, ("share of time leaves are busy", "points/s", "root's load")):
        axis.set(xscale="log", xlabel="leaves", title=title)
    axes[1].set_yscale("log")
    axes[0].legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(path, dpi=150)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", nargs="+")
    parser.add_argument("--simulated", action="append", default=[])
    parser.add_argument("--plot")
    options = parser.parse_args()
    records = read(options.results, "measured") + read(options.simulated, "simulated")
    if not records:
        parser.error("no lines of JSON were found in *.jsonl there")
    print(table(records))
    if options.plot:
        plot(records, options.plot)


if __name__ == "__main__":
    main()
