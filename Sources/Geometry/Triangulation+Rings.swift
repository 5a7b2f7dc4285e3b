/// What lies around a vertex of a triangulation in two dimensions.
extension Triangulation {
  /// Appends the vertices that share an edge with a vertex, and the finite simplices that have it,
  /// each once. O(their number)
  ///
  /// - Parameter simplex: one that has the vertex, ghost or not.
  package func appendRing(
    of vertex: Int32, from simplex: Int32, vertices: inout [Int32], simplices: inout [Int32]
  ) {
    precondition(dimension == 2)
    unsafe store.readMemory { memory in
      var id = simplex
      let own = unsafe memory.slot(of: vertex, in: memory.vertices(id))
      // Leaves across the edge that has the vertex and the one in slot `end`.
      var end = own == 0 ? 1 : 0
      var way = 3 - own - end
      repeat {
        if unsafe memory.infiniteSlot(id) < 0 { simplices.append(id) }
        let other = unsafe memory.vertices(id)[end]
        if other != SimplexStore.infinite { vertices.append(other) }
        let next = unsafe memory.neighbors(id)[way]
        let corner = unsafe memory.slot(of: vertex, in: memory.vertices(next))
        end = unsafe memory.slot(of: id, in: memory.neighbors(next))
        way = 3 - corner - end
        id = next
      } while id != simplex
    }
  }
}
