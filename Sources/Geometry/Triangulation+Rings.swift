/// What lies around a vertex of a triangulation in two dimensions.
extension Triangulation {
  /// Appends the vertices that share an edge with a vertex, and the finite simplices that have it,
  /// each once, in their order around it. O(their number)
  ///
  /// - Parameter simplex: one that has the vertex, ghost or not.
  package func appendRing(
    of vertex: Int32, from simplex: Int32, vertices: inout [Int32], simplices: inout [Int32]
  ) {
    precondition(dimension == 2)
    unsafe store.readMemory { memory in
      var id = simplex
      repeat {
        // All simplices turn the same way, ghosts included, so the next one lies across the same
        // edge of each.
        let corners = unsafe memory.vertices(id)
        let neighbors = unsafe corners + 3
        let (first, second, third) = unsafe (corners[0], corners[1], corners[2])
        let end: Int32
        if first == vertex {
          end = third
          if second >= 0, third >= 0 { simplices.append(id) }
          id = unsafe neighbors[1]
        } else if second == vertex {
          end = first
          if third >= 0, first >= 0 { simplices.append(id) }
          id = unsafe neighbors[2]
        } else {
          end = second
          if first >= 0, second >= 0 { simplices.append(id) }
          id = unsafe neighbors[0]
        }
        if end >= 0 { vertices.append(end) }
      } while id != simplex
    }
  }
}
