#!/usr/bin/perl
# A program for adaptive-mpi: reads lines of x and gamma, writes a line with a Lorentzian each.
use strict;
use warnings;

$| = 1;    # each answer leaves at once
while (my $line = <STDIN>) {
    my ($x, $gamma) = split ' ', $line;
    printf "%.17g\n", $gamma**2 / ($gamma**2 + $x**2);
}
