import Testing

/// Whole programs, under real MPI launchers, on real files. One at a time: each world wants several
/// ranks, and some of them are about time.
@Suite(.serialized) struct EndToEndTests {}
