import Geometry
import Testing

@Suite struct SheetTests {
  /// Two sheets of one store know nothing of each other, and a removed one leaves nothing.
  @Test func sheetsAreApart() throws {
    var triangulation = Triangulation(dimension: 2)
    func add(_ x: Double, _ y: Double) -> Int32 { triangulation.addVertex([x, y].span) }
    let corners = [add(0, 0), add(1, 0), add(0, 1)]
    let point = add(0.25, 0.25)
    let starts = [triangulation.start(corners), triangulation.start(corners)]
    let first = try #require(starts[0])
    let second = try #require(starts[1])
    let inSecond = triangulation.insert(point, near: second)
    #expect(inSecond == .inserted)
    #expect(triangulation.created.count == 3)
    #expect(triangulation.isFinite(first))
    #expect(triangulation.allSimplices().count == 4)
    triangulation.removeSheet(of: triangulation.created[0])
    #expect(triangulation.allSimplices() == [[0, 1, 2]])
    let inFirst = triangulation.insert(point, near: first)
    #expect(inFirst == .inserted)
    let faults = triangulation.faults()
    #expect(faults.isEmpty)
  }

  @Test func flatVerticesStartNothing() {
    var triangulation = Triangulation(dimension: 2)
    let line = (0..<3).map { triangulation.addVertex([Double($0) / 2, Double($0) / 4].span) }
    let start = triangulation.start(line)
    #expect(start == nil)
  }

  /// Neighbours name each other across every facet, and vertices opposite are those not shared.
  @Test func neighborsAreMutual() throws {
    let built = try #require(PointByPoint(DegenerateFamily.corners(3), 3))
    for id in 0..<Int32(built.triangulation.simplexIndexEnd)
    where built.triangulation.isFinite(id) {
      var neighbors: [Int32] = []
      var opposite: [Int32] = []
      built.triangulation.appendNeighbors(of: id, to: &neighbors, opposite: &opposite)
      #expect(neighbors.count == 4)
      for (neighbor, vertex) in zip(neighbors, opposite) where neighbor >= 0 {
        var own: [Int32] = []
        var theirs: [Int32] = []
        built.triangulation.appendVertices(of: id, to: &own)
        built.triangulation.appendVertices(of: neighbor, to: &theirs)
        #expect(Set(theirs).subtracting(own) == [vertex])
        var back: [Int32] = []
        var unused: [Int32] = []
        built.triangulation.appendNeighbors(of: neighbor, to: &back, opposite: &unused)
        #expect(back.contains(id))
      }
    }
  }
}
