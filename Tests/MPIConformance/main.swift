// What the MPI binding and the transport promise, tried on all ranks of one world:
//
//     mpirun -n 3 MPIConformance             every case; fails if one does on any rank
//     mpirun -n 2 MPIConformance measure     latency and message rate
//     mpirun -n 3 MPIConformance abort 42    the last rank aborts; mpirun returns 42
//     mpirun -n 1 MPIConformance drop        drops an unfinished request, which must trap

import Glibc
import MPI

/// A world that has not finished by then hangs; SIGALRM ends it. Four ranks a core are slow.
let secondsMax: UInt32 = 120

alarm(secondsMax)
exit(run(CommandLine.arguments.dropFirst()))

/// Returns the exit code.
func run(_ arguments: ArraySlice<String>) -> Int32 {
  do throws(MPIError) {
    let environment = try MPIEnvironment()
    let isConforming = try run(arguments, environment)
    try environment.finalize()
    return isConforming ? 0 : 1
  } catch {
    print("\(error)")
    return 1
  }
}

func run(
  _ arguments: ArraySlice<String>, _ environment: borrowing MPIEnvironment
) throws(MPIError) -> Bool {
  let world = try environment.world()
  do throws(MPIError) {
    switch arguments.first {
    case nil: return try runCases(environment, world)
    case "measure": try measure(environment, world)
    case "abort": try abortOnLastRank(environment, world, code: arguments.dropFirst().first)
    case "drop": try dropUnfinishedRequest(world)
    case let mode?:
      print("unknown mode \(mode): none, measure, abort CODE or drop")
      return false
    }
  } catch {
    print("rank \(world.rank): \(error)")
    environment.abort(1)
  }
  return true
}

/// Runs all cases; returns whether all passed, the same on every rank.
func runCases(
  _ environment: borrowing MPIEnvironment, _ world: borrowing Communicator
) throws(MPIError) -> Bool {
  var report = Report()
  try checkEnvironment(environment, world, &report)
  try report.run("all sizes to 32 KiB", on: world, checkAllSizes)
  try report.run("large messages", on: world, checkLargeMessages)
  try report.run("order of each pair", on: world, checkOrder)
  try report.run("probe", on: world, checkProbe)
  try report.run("matched probe", on: world, checkMatchedProbe)
  try report.run("truncation is an error", on: world, checkTruncation)
  try report.run("receives are taken back", on: world, checkCancellation)
  try report.run("request pool", on: world, checkRequestPool)
  try report.run("unknown rank and tag are errors", on: world, checkRefusals)
  try report.run("broadcast in pieces", on: world, checkBroadcast)
  try report.run("reductions", on: world, checkReductions)
  try report.run("lowest and highest with rank", on: world, checkLocations)
  try report.run("gather and all-gather", on: world, checkGathers)
  try report.run("barrier as a request", on: world, checkStartedBarrier)
  try report.run("split", on: world, checkSplit)
  try report.run("duplicates have their own traffic", on: world, checkDuplicate)
  try report.run("nodes", on: world) { (world, this) throws(MPIError) in
    try checkNodes(processorName: environment.processorName(), world, &this)
  }
  try report.runTransport("frames of all sizes", on: world, checkTransportSizes)
  try report.runTransport("frames run out", on: world, checkBackPressure)
  try report.runTransport("storm", on: world, checkStorm)
  try report.runTransport("unreceived frames are counted", on: world, checkUnreceived)
  try report.runTransport("transport errors", on: world, checkTransportError)
  try report.runTransport("frames ring their receivers", on: world, checkDoorbells)
  if world.rank == 0 {
    print("\(report.passedCount) passed, \(report.failedCount) failed on \(world.size) ranks")
  }
  return report.failedCount == 0
}

func abortOnLastRank(
  _ environment: borrowing MPIEnvironment, _ world: borrowing Communicator, code: String?
) throws(MPIError) {
  if world.rank == world.size - 1 { environment.abort(code.flatMap { Int32($0) } ?? 1) }
  try world.barrier()
}

func dropUnfinishedRequest(_ world: borrowing Communicator) throws(MPIError) {
  let block = ByteBlock(count: 8)
  _ = unsafe try world.receive(into: block.mutableBytes)
}
