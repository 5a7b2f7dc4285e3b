"""Transmission of an electron through a double barrier, against its energy.

Two rectangular barriers, 1 nm wide and 1 eV high, around a well of 4 nm, for the effective mass of
GaAs. Between them the electron has quasi-bound states: the transmission is tiny, and 1 at
resonances that are orders of magnitude narrower than the window. Transfer matrices of piecewise
constant potentials (Tsu and Esaki, Appl. Phys. Lett. 22, 562 (1973)).
"""

import cmath

# hbar^2 / (2 m) in eV nm^2, for m = 0.067 electron masses.
KINETIC = 0.0380998212 / 0.067


def transmission(energy, height, width, well):
    """The share that is transmitted; energy and height in eV, lengths in nm."""
    regions = [(0.0, 0.0), (height, width), (0.0, well), (height, width), (0.0, 0.0)]
    wave_numbers = [cmath.sqrt((energy - potential) / KINETIC) for potential, _ in regions]
    # Amplitudes of the waves to the right and to the left, from the last region to the first.
    forward, backward = 1 + 0j, 0j
    for index in range(len(regions) - 2, -1, -1):
        inside, outside = wave_numbers[index], wave_numbers[index + 1]
        ratio = outside / inside
        forward, backward = ((1 + ratio) * forward + (1 - ratio) * backward) / 2, (
            (1 - ratio) * forward + (1 + ratio) * backward) / 2
        phase = cmath.exp(-1j * inside * regions[index][1])
        forward, backward = forward * phase, backward / phase
    return 1 / abs(forward) ** 2
