// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "peaks",
  // Of a release: .package(url: "…/adaptive-mpi", from: "…")
  dependencies: [.package(name: "adaptive-mpi", path: "../..")],
  targets: [
    .executableTarget(
      name: "peaks", dependencies: [.product(name: "AdaptiveMPI", package: "adaptive-mpi")])
  ]
)
