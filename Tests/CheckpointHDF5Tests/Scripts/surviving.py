"""Tells what a run directory's files still give, by docs/checkpoint-format.md, h5py and struct alone.

    surviving.py LEARNERS < LINES

Each line is a run directory, a tab, and its campaign's id. For each, one line is printed: for every
learner "results/pending/failed/SHA-256 of all of it", or "nothing" for the whole shard where no
generation can be read.
"""

import hashlib
import os
import re
import struct
import sys

import h5py

HEADER = struct.Struct("<8sI16sIIIIIIQI")
NAME = re.compile(r"^(snapshot|journal)-(\d+)-(\d+)(\.h5)?$")
SHARDS_MAX = 64


def table():
    entries = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        entries.append(byte)
    return entries


TABLE = table()


def crc32c(data, check=0):
    check ^= 0xFFFFFFFF
    for byte in data:
        check = check >> 8 ^ TABLE[(check ^ byte) & 0xFF]
    return check ^ 0xFFFFFFFF


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Learner:
    def __init__(self):
        self.told, self.pending, self.failed = [], [], []

    def copy(self):
        other = Learner()
        other.told, other.pending, other.failed = self.told[:], self.pending[:], self.failed[:]
        return other

    def take(self, entry):
        kind, point, rest = entry
        if kind == "asked":
            self.pending.append(point)
            return
        self.pending = [other for other in self.pending if other != point]
        (self.told if kind == "told" else self.failed).append((point, rest))

    def summary(self):
        digest = hashlib.sha256()
        for part in (self.told, self.failed):
            digest.update(struct.pack("<Q", len(part)))
            for point, rest in part:
                digest.update(point + rest)
        digest.update(b"".join(self.pending))
        return f"{len(self.told)}/{len(self.pending)}/{len(self.failed)}/{digest.hexdigest()}"


def rows(dataset, kind):
    values = dataset[:]
    return [values[i].astype(kind).tobytes() for i in range(len(values))]


def failure(attempts, kind, text):
    return struct.pack("<IB", attempts, kind) + text


def remembered(function):
    """Reads each file once, whatever its names: most directories share most of theirs."""
    known = {}

    def lookup(path, *arguments):
        status = os.stat(path)
        key = (status.st_dev, status.st_ino, status.st_size, arguments)
        if key not in known:
            known[key] = function(path, *arguments)
        return known[key]

    return lookup


@remembered
def inner(path, campaign, shard, world, generation, members):
    """The learners of a snapshot; None if anything in it is not as it should be."""
    try:
        with h5py.File(path, "r") as file:
            text = lambda name: file.attrs[name].decode()
            if (text("format"), file.attrs["format_version"]) != ("adaptive-mpi checkpoint", 1):
                return None
            found = tuple(int(file.attrs[n]) for n in ("shard", "world", "generation"))
            if text("campaign_id") != campaign or found != (shard, world, generation):
                return None
            file["campaign"][:], file["worlds"][:]
            learners = {}
            for name, group in file["learners"].items():
                learner = Learner()
                columns = [rows(group[n], k) for n, k in
                           (("points", "<f8"), ("values", "<f8"), ("seconds", "<f8"), ("leaf", "<i4"))]
                learner.told = [(p, v + s + l) for p, v, s, l in zip(*columns)]
                learner.pending = rows(group["pending"], "<f8")
                learner.failed = [
                    (p, failure(int(a), int(k), t)) for p, k, a, t in
                    zip(rows(group["failed_points"], "<f8"), group["failed_kinds"][:],
                        group["failed_attempts"][:], group["failed_reasons"][:])]
                for part in group["state"].values():
                    part[:]
                group["parameter_names"][:], group["parameter_values"][:]
                learners[int(name)] = learner
            return learners if tuple(sorted(learners)) == members else None
    except Exception:
        return None


def snapshot(folder, campaign, shard, world, generation, members):
    path = f"{folder}/snapshot-{world:04}-{generation:06}.h5"
    if not os.path.exists(path):
        return None
    digests = []
    if os.path.exists(path + ".sha256"):
        ending = ("  " + os.path.basename(path)).encode()
        digests = [line[:64] for line in read(path + ".sha256")[:4096].split(b"\n")
                   if line[64:] == ending and re.fullmatch(rb"[0-9a-f]{64}", line[:64])]
    if digests and hashlib.sha256(read(path)).hexdigest().encode() not in digests:
        return None
    return inner(path, campaign, shard, world, generation, members)


def header(data):
    for start in (0, 64):
        copy = data[start:start + 64]
        if len(copy) == 64 and crc32c(copy[:60]) == struct.unpack_from("<I", copy, 60)[0]:
            fields = HEADER.unpack(copy)
            if fields[0] == b"adaptjrn":
                return fields
    return None


def entries(block):
    at = 0
    while at < len(block):
        tag = block[at]
        if tag == 4:
            at += 9
            continue
        learner, dimension = struct.unpack_from("<iI", block, at + 1)
        at += 9
        if tag == 1:
            yield learner, ("asked", block[at:at + 8 * dimension], b"")
            at += 8 * dimension
        elif tag == 2:
            count, leaf, seconds = struct.unpack_from("<Iid", block, at)
            at += 16
            point = block[at:at + 8 * dimension]
            at += 8 * dimension
            value = block[at:at + 8 * count]
            at += 8 * count
            yield learner, ("told", point, value + struct.pack("<di", seconds, leaf))
        elif tag == 3:
            attempts, kind, size = struct.unpack_from("<IBI", block, at)
            at += 9
            point = block[at:at + 8 * dimension]
            at += 8 * dimension
            yield learner, ("failed", point, failure(attempts, kind, block[at:at + size]))
            at += size
        else:
            raise ValueError(tag)


@remembered
def journal(path, campaign, shard, world, generation, limit):
    """(how it begins, entries, whether all of it was read); None without a header of its own."""
    data = read(path)
    fields = header(data)
    if fields is None or fields[2].hex() != campaign or fields[3:6] != (shard, world, generation):
        return None
    seed = fields[10]
    end = len(data) if limit is None else min(limit, len(data))
    at, sequence, found = 128, 1, []
    while at + 16 <= end:
        size, check, number = struct.unpack_from("<IIQ", data, at)
        if size == 0 or number != sequence or at + 16 + size > end:
            break
        if crc32c(data[at + 8:at + 16 + size], seed) != check:
            break
        found += entries(data[at + 16:at + 16 + size])
        at, sequence = at + 16 + size, sequence + 1
    begins = {0: "new", 1: (fields[7], fields[8], fields[9]), 2: "snapshot"}[fields[6]]
    return begins, found, at == (end if limit is None else limit)


def find_journal(folder, campaign, shard, world, generation, limit):
    path = f"{folder}/journal-{world:04}-{generation:06}"
    if not os.path.exists(path):
        return None
    return journal(path, campaign, shard, world, generation, limit)


def survivors(folder, campaign, shard, members):
    names = os.listdir(folder) if os.path.isdir(folder) else []
    places = {(int(m[2]), int(m[3])) for m in map(NAME.match, names) if m}
    for place in sorted(places, reverse=True):
        steps, base, limit = [], None, None
        while True:
            found = None if limit == 0 else find_journal(folder, campaign, shard, *place, limit)
            steps.append((found, limit))
            base = snapshot(folder, campaign, shard, *place, members)
            if base is not None:
                break
            if found is None or found[0] == "snapshot":
                break
            if found[0] == "new":
                base = {i: Learner() for i in members}
                break
            place, limit = found[0][:2], found[0][2]
        if base is None:
            continue
        state = {i: learner.copy() for i, learner in base.items()}
        for found, limit in reversed(steps):
            for learner, entry in found[1] if found else ():
                state[learner].take(entry)
            if (found is None and limit not in (None, 0)) or (found and not found[2]):
                break
        return state
    return None


def main():
    count = int(sys.argv[1])
    shards = min(count, SHARDS_MAX)
    for line in sys.stdin:
        directory, campaign = line.rstrip("\n").split("\t")
        words = {}
        for shard in range(shards):
            members = tuple(range(shard, count, shards))
            state = survivors(f"{directory}/shard-{shard:04}", campaign, shard, members)
            for i in members:
                words[i] = "nothing" if state is None else state[i].summary()
        print(" ".join(words[i] for i in range(count)))


main()
