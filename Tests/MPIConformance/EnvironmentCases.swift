import MPI

func checkEnvironment(
  _ environment: borrowing MPIEnvironment, _ world: borrowing Communicator, _ report: inout Report
) throws(MPIError) {
  let before = environment.wallTime
  try report.run("environment", on: world) { (world, this) throws(MPIError) in
    let standard = try MPIEnvironment.standardVersion()
    let library = try MPIEnvironment.libraryVersion()
    this.expect(
      standard.major > 3 || standard.major == 3 && standard.minor >= 1, "standard \(standard)")
    this.expect(library.contains("MPI"), "library \(library)")
    this.expect(!(try environment.processorName()).isEmpty)
    this.expect(environment.wallTime >= before)
    let own = try environment.selfCommunicator()
    this.expect(own.rank == 0 && own.size == 1)
    do throws(MPIError) {
      _ = try MPIEnvironment()
      this.expect(false, "MPI was initialized twice")
    } catch {
      this.expect(error.operation == "MPI_Init_thread", "\(error)")
    }
  }
}

func checkNodes(
  processorName: String, _ world: borrowing Communicator, _ this: inout Report.Case
) throws(MPIError) {
  let map = try world.nodeMap()
  let node = try world.splitByNode()
  let ownNode = map.nodeOfRank[world.rank]
  this.expect(map.nodeOfRank.count == world.size)
  this.expect(Set(map.nodeOfRank).count == map.nodeCount)
  this.expect(map.nodeOfRank[0] == 0, "nodes are numbered by their lowest rank")
  this.expect(map.ranks(ofNode: ownNode).count == node.size)
  this.expect(map.ranks(ofNode: ownNode)[node.rank] == world.rank)
  for root in 0..<world.size {
    let name = try world.broadcast(Array(processorName.utf8), from: root)
    let theirs = try world.broadcast(Int64(ownNode), from: root)
    this.expect(Int(theirs) == map.nodeOfRank[root], "ranks disagree about the node of \(root)")
    if map.nodeOfRank[root] == ownNode {
      this.expect(name == Array(processorName.utf8), "one node has two names")
    }
  }
  try node.free()
}
