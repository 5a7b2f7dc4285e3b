"""The energy per spin of an Ising ring by Metropolis's method: few sweeps, so much noise."""
import math
import random
import time

SPINS = 12
SWEEPS = 40


def energy(point, seed, seconds):
    """One sample at a temperature; `point` is the sample's number and the temperature."""
    _, temperature = point
    time.sleep(seconds)
    source = random.Random(seed)
    spins = [source.choice((-1, 1)) for _ in range(SPINS)]
    for _ in range(SWEEPS * SPINS):
        place = source.randrange(SPINS)
        cost = 2 * spins[place] * (spins[place - 1] + spins[(place + 1) % SPINS])
        if cost <= 0 or source.random() < math.exp(-cost / temperature):
            spins[place] = -spins[place]
    return -sum(spins[place] * spins[place - 1] for place in range(SPINS)) / SPINS
