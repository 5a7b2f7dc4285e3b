// swift-tools-version: 6.2
import PackageDescription

/// The MPI implementation to build against, as a pkg-config name: `ompi-c`, `mpich`, …
/// Use a scratch path of its own for each (`--scratch-path .build-mpich`).
let mpiPackageName = Context.environment["ADAPTIVE_MPI_MPI"] ?? "ompi-c"

/// HDF5's pkg-config name: `hdf5-serial` on Debian, `hdf5` elsewhere.
let hdf5PackageName = Context.environment["ADAPTIVE_MPI_HDF5"] ?? "hdf5-serial"

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// Tests keep every rule but the marking of each unsafe expression.
let strictForTests: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// For what is tested with so much arithmetic that an unoptimized build would take hours.
let optimized: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let dequeModule = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let heapModule = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let realModule = Target.Dependency.product(name: "RealModule", package: "swift-numerics")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "adaptive-mpi",
  products: [
    .executable(name: "adaptive-mpi", targets: ["adaptive-mpi"]),
    .library(name: "AdaptiveMPI", targets: ["AdaptiveMPI"]),
    .library(name: "MPI", targets: ["MPI"]),
    .library(name: "HDF5", targets: ["HDF5"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // C interfaces: no C code, only module maps and headers.
    .systemLibrary(
      name: "CMPI", path: "CMPI", pkgConfig: mpiPackageName,
      providers: [.apt(["libopenmpi-dev"]), .brew(["open-mpi"])]),
    .systemLibrary(
      name: "CHDF5", pkgConfig: hdf5PackageName,
      providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
    .systemLibrary(name: "CFunctionInterface", path: "include"),

    // Bindings.
    .target(name: "MPI", dependencies: ["CMPI"], swiftSettings: strict),
    .target(name: "HDF5", dependencies: ["CHDF5"], swiftSettings: strict),

    // Pure: values without I/O, clock or threads.
    .target(name: "AdaptiveCore", dependencies: [realModule], swiftSettings: strict),
    .target(name: "Geometry", dependencies: [realModule], swiftSettings: strict + optimized),
    .target(
      name: "Learners", dependencies: ["AdaptiveCore", "Geometry", heapModule, realModule],
      swiftSettings: strict),
    .target(
      name: "Delegation", dependencies: ["AdaptiveCore", dequeModule], swiftSettings: strict),

    // What moves the pure parts.
    .target(
      name: "NodeRuntime", dependencies: ["AdaptiveCore", "Learners", "Delegation"],
      swiftSettings: strict),
    .target(
      name: "Simulation",
      dependencies: [
        "AdaptiveCore", "Learners", "Delegation", "NodeRuntime", heapModule, histogram,
        realModule,
      ], swiftSettings: strict),
    .target(
      name: "MPITransport", dependencies: ["AdaptiveCore", "NodeRuntime", "MPI"],
      swiftSettings: strict),
    .target(
      name: "CheckpointHDF5",
      dependencies: ["AdaptiveCore", "Learners", "NodeRuntime", "HDF5", crypto],
      swiftSettings: strict),
    .target(
      name: "Evaluators",
      dependencies: ["AdaptiveCore", "Learners", "NodeRuntime", "CFunctionInterface"],
      swiftSettings: strict),
    .target(
      name: "CommandLineInterface",
      dependencies: [
        "AdaptiveCore", "Learners", "Delegation", "NodeRuntime", "MPI", "HDF5", "MPITransport",
        "CheckpointHDF5", "Evaluators", "Simulation", argumentParser, crypto, yams,
      ], swiftSettings: strict),
    .target(
      name: "AdaptiveMPI", dependencies: ["CommandLineInterface", "Evaluators", "Learners"],
      swiftSettings: strict),
    .executableTarget(
      name: "adaptive-mpi", dependencies: ["CommandLineInterface"], swiftSettings: strict),

    // Benchmarks that need what the package keeps to itself.
    .executableTarget(
      name: "LearnerBenchmark", dependencies: ["AdaptiveCore", "Learners"],
      path: "benchmarks/LearnerBenchmark", swiftSettings: strict),
    .executableTarget(
      name: "AheadBenchmark", dependencies: ["AdaptiveCore", "Learners", heapModule],
      path: "benchmarks/AheadBenchmark", swiftSettings: strict),
    .executableTarget(
      name: "FunctionBenchmark",
      dependencies: ["AdaptiveCore", "Learners", "NodeRuntime", "Evaluators"],
      path: "benchmarks/FunctionBenchmark", swiftSettings: strict),
    .executableTarget(
      name: "TreeBenchmark",
      dependencies: [
        "AdaptiveCore", "Learners", "Delegation", "NodeRuntime", "MPI", "MPITransport",
        "CheckpointHDF5", "Evaluators", "Simulation",
      ], path: "benchmarks/TreeBenchmark", swiftSettings: strict),
    .executableTarget(
      name: "TreeInstructions",
      dependencies: ["AdaptiveCore", "Learners", "Delegation", "NodeRuntime"],
      path: "benchmarks/TreeInstructions", swiftSettings: strict),

    // Tests: one target a module, then whole programs, then the house itself.
    .target(name: "_TestSupport", path: "Tests/_TestSupport", swiftSettings: strictForTests),
    .testTarget(
      name: "AdaptiveCoreTests", dependencies: ["AdaptiveCore", "_TestSupport"],
      swiftSettings: strictForTests),
    .testTarget(
      name: "GeometryTests", dependencies: ["Geometry", "_TestSupport"],
      exclude: ["Reference"], swiftSettings: strictForTests + optimized),
    .testTarget(
      name: "HDF5Tests", dependencies: ["HDF5", "CHDF5", "_TestSupport"],
      swiftSettings: strictForTests),
    .testTarget(
      name: "LearnersTests",
      dependencies: ["AdaptiveCore", "Geometry", "Learners", "_TestSupport"],
      exclude: ["Reference"], swiftSettings: strictForTests),
    .testTarget(
      name: "DelegationTests", dependencies: ["AdaptiveCore", "Delegation", "_TestSupport"],
      exclude: ["Transcripts"], swiftSettings: strictForTests),
    .testTarget(
      name: "NodeRuntimeTests",
      dependencies: ["AdaptiveCore", "Learners", "Delegation", "NodeRuntime", "_TestSupport"],
      exclude: ["Reference"], swiftSettings: strictForTests),
    .testTarget(
      name: "SimulationTests",
      dependencies: [
        "AdaptiveCore", "Learners", "Delegation", "NodeRuntime", "Simulation", "_TestSupport",
      ], swiftSettings: strictForTests),
    .testTarget(
      name: "CheckpointHDF5Tests",
      dependencies: [
        "AdaptiveCore", "Learners", "NodeRuntime", "HDF5", "CheckpointHDF5", crypto, "_TestSupport",
      ], exclude: ["Scripts"], swiftSettings: strictForTests),
    .testTarget(
      name: "EvaluatorsTests",
      dependencies: [
        "AdaptiveCore", "Learners", "NodeRuntime", "Evaluators", "adaptive-mpi", "_TestSupport",
      ],
      exclude: ["Functions"], swiftSettings: strictForTests),
    .testTarget(
      name: "CommandLineInterfaceTests",
      dependencies: [
        "AdaptiveCore", "Learners", "Delegation", "NodeRuntime", "Evaluators", "Simulation",
        "CommandLineInterface", "_TestSupport",
      ],
      swiftSettings: strictForTests),
    .executableTarget(
      name: "MPIConformance", dependencies: ["AdaptiveCore", "NodeRuntime", "MPI", "MPITransport"],
      path: "Tests/MPIConformance", swiftSettings: strict),
    .testTarget(
      name: "EndToEndTests", dependencies: ["adaptive-mpi", "MPIConformance", "_TestSupport"],
      exclude: ["Functions", "Scripts", "Slurm"], swiftSettings: strictForTests),
    .testTarget(
      name: "HouseTests", dependencies: ["_TestSupport"], swiftSettings: strictForTests),
  ]
)
