"""Reads a campaign's directory by what docs/checkpoint-format.md says, with h5py and struct alone,
and prints it as JSON: what the newest snapshots hold, and every result that any file holds.

    read_run.py DIRECTORY

Doubles are given as 16 hexadecimal digits of their bits, so that equal means equal.
"""

import glob
import json
import os
import struct
import sys

import h5py

HEADER_BYTES = 128
ASKED, TOLD, FAILED, ELAPSED = 1, 2, 3, 4


def bits(doubles):
    return [struct.pack(">d", x).hex() for x in doubles]


def told_in_snapshot(path):
    """(learner, point) in the order told."""
    with h5py.File(path, "r") as file:
        for name, group in sorted(file["learners"].items()):
            for point in group["points"][:]:
                yield int(name), point


def told_in_journal(path):
    """(learner, point) of each result in the blocks that are whole."""
    with open(path, "rb") as file:
        data = file.read()
    at, sequence = HEADER_BYTES, 1
    while at + 16 <= len(data):
        size, _, number = struct.unpack_from("<IIQ", data, at)
        if number != sequence or size == 0 or at + 16 + size > len(data):
            return
        yield from told_in_block(data[at + 16 : at + 16 + size])
        at, sequence = at + 16 + size, sequence + 1


def told_in_block(block):
    at = 0
    while at < len(block):
        tag = block[at]
        if tag == ELAPSED:
            at += 9
            continue
        learner, dimension = struct.unpack_from("<iI", block, at + 1)
        at += 9
        if tag == ASKED:
            at += 8 * dimension
        elif tag == TOLD:
            count, _, _ = struct.unpack_from("<Iid", block, at)
            at += 16
            yield learner, struct.unpack_from(f"<{dimension}d", block, at)
            at += 8 * (dimension + count)
        elif tag == FAILED:
            _, _, text = struct.unpack_from("<IBI", block, at)
            at += 9 + 8 * dimension + text
        else:
            raise SystemExit(f"unknown tag {tag}")


def read(directory):
    told, learners, worlds = {}, {}, []
    for shard in sorted(glob.glob(os.path.join(directory, "shard-*"))):
        snapshots = sorted(glob.glob(os.path.join(shard, "snapshot-*.h5")))
        journals = sorted(glob.glob(os.path.join(shard, "journal-*")))
        journals = [path for path in journals if not path.endswith(".new")]
        for paths, points in ((snapshots, told_in_snapshot), (journals, told_in_journal)):
            for path in paths:
                for learner, point in points(path):
                    told.setdefault(learner, set()).update(bits(point))
        if not snapshots:
            continue
        with h5py.File(snapshots[-1], "r") as file:
            worlds = [text.decode() for text in file["worlds"][:]]
            for name, group in file["learners"].items():
                learners[int(name)] = {
                    "name": group.attrs["name"].decode()
                    if isinstance(group.attrs["name"], bytes)
                    else str(group.attrs["name"]),
                    "points": bits(group["points"][:].ravel()),
                    "values": bits(group["values"][:].ravel()),
                    "seconds": [float(x) for x in group["seconds"][:]],
                    "leaves": [int(x) for x in group["leaf"][:]],
                    "pending": bits(group["pending"][:].ravel()),
                    "failedReasons": [x.decode() for x in group["failed_reasons"][:]],
                }
    return {
        "told": [sorted(told[i]) for i in sorted(told)],
        "learners": [learners[i] for i in sorted(learners)],
        "worlds": worlds,
    }


print(json.dumps(read(sys.argv[1])))
