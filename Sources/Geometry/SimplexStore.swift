/// The simplices of a triangulation in one flat array: 64 bytes each in two dimensions, 80 in
/// three.
///
/// A simplex is known by its index, 32 bits; the index of a removed one is used again. Slot `i` of
/// a simplex holds its vertex `i` and the neighbour across the facet that lacks that vertex. A
/// *ghost* stands beyond each facet of the hull: one of its vertices is ``infinite``. So every
/// facet has two sides, and nothing at the hull is a special case.
///
/// A record is: D + 1 vertices, D + 1 neighbours, then the sphere (centre, squared radius and the
/// two numbers of its error bound), then a mark and a stamp.
struct SimplexStore: Sendable {
  static let infinite: Int32 = -1

  let dimension: Int

  /// Bytes of a record.
  let stride: Int

  private var words: [UInt64] = []
  private var freed: [Int32] = []

  /// Records in use or free.
  private(set) var count = 0

  /// Given to the next simplex; 0 marks a free record.
  private var nextStamp: UInt32 = 1

  init(dimension: Int) {
    self.dimension = dimension
    stride = 16 * (dimension + 1) + 16
  }

  mutating func removeAll() {
    words.removeAll(keepingCapacity: true)
    freed.removeAll(keepingCapacity: true)
    count = 0
  }

  mutating func reserveCapacity(_ simplices: Int) {
    words.reserveCapacity(simplices * stride / 8)
  }

  /// Takes records out of the free list, or new ones. What they hold is not yet valid.
  mutating func allocate(_ wanted: Int, into ids: inout [Int32]) {
    for _ in 0..<wanted {
      if let id = freed.popLast() {
        ids.append(id)
      } else {
        precondition(count < Int(Int32.max), "a triangulation holds at most 2^31 - 1 simplices")
        ids.append(Int32(truncatingIfNeeded: count))
        count += 1
        for _ in 0..<stride / 8 { words.append(0) }
      }
    }
  }

  mutating func free(_ ids: [Int32]) {
    for id in ids {
      unsafe withMemory { unsafe $0.setStamp(id, 0) }
      freed.append(id)
    }
  }

  /// A stamp that no simplex has had.
  mutating func takeStamp() -> UInt32 {
    defer { nextStamp = nextStamp == .max ? 1 : nextStamp + 1 }
    return nextStamp
  }

  @inline(__always)
  mutating func withMemory<R>(_ body: (SimplexMemory) -> R) -> R {
    let vertexCount = dimension + 1
    let stride = stride
    return unsafe words.withUnsafeMutableBytes { bytes in
      unsafe body(
        SimplexMemory(base: bytes.baseAddress ?? Self.nowhere, stride: stride, width: vertexCount))
    }
  }

  /// For reading only.
  @inline(__always)
  func readMemory<R>(_ body: (SimplexMemory) -> R) -> R {
    unsafe words.withUnsafeBytes { bytes in
      unsafe body(
        SimplexMemory(
          base: UnsafeMutableRawPointer(
            mutating: bytes.baseAddress ?? UnsafeRawPointer(Self.nowhere)),
          stride: stride, width: dimension + 1))
    }
  }

  /// Where no record is, so no record is read.
  private static var nowhere: UnsafeMutableRawPointer {
    unsafe UnsafeMutableRawPointer(bitPattern: 64)!
  }
}

/// The records of a ``SimplexStore`` as bare memory. Indices are those that the store gave out, so
/// nothing is checked.
@unsafe
struct SimplexMemory {
  let base: UnsafeMutableRawPointer
  let stride: Int
  /// Vertices of a simplex.
  let width: Int

  @inline(__always)
  func vertices(_ id: Int32) -> UnsafeMutablePointer<Int32> {
    unsafe (base + Int(id) &* stride).assumingMemoryBound(to: Int32.self)
  }

  @inline(__always)
  func neighbors(_ id: Int32) -> UnsafeMutablePointer<Int32> { unsafe vertices(id) + width }

  /// Centre, then the squared radius: negative for a ghost.
  @inline(__always)
  func sphere(_ id: Int32) -> UnsafeMutablePointer<Double> {
    unsafe (base + Int(id) &* stride + 8 &* width).assumingMemoryBound(to: Double.self)
  }

  /// The two numbers of the sphere's error bound; a ghost keeps the slot of the infinite vertex in
  /// the first.
  @inline(__always)
  func bounds(_ id: Int32) -> UnsafeMutablePointer<Float> {
    unsafe (base + Int(id) &* stride + 16 &* width).assumingMemoryBound(to: Float.self)
  }

  @inline(__always)
  private func tail(_ id: Int32) -> UnsafeMutablePointer<UInt32> {
    unsafe (base + Int(id) &* stride + 16 &* width + 8).assumingMemoryBound(to: UInt32.self)
  }

  @inline(__always)
  func mark(_ id: Int32) -> UInt32 { unsafe tail(id)[0] }

  @inline(__always)
  func setMark(_ id: Int32, _ mark: UInt32) { unsafe tail(id)[0] = mark }

  /// 0 for a free record.
  @inline(__always)
  func stamp(_ id: Int32) -> UInt32 { unsafe tail(id)[1] }

  @inline(__always)
  func setStamp(_ id: Int32, _ stamp: UInt32) { unsafe tail(id)[1] = stamp }

  /// The slot of the infinite vertex; -1 for a finite simplex.
  @inline(__always)
  func infiniteSlot(_ id: Int32) -> Int {
    unsafe sphere(id)[width - 1] < 0 ? Int(bounds(id)[0]) : -1
  }

  /// The slot in which a simplex holds a vertex or a neighbour that it is known to have.
  @inline(__always)
  func slot(of value: Int32, in slots: UnsafeMutablePointer<Int32>) -> Int {
    var slot = 0
    while unsafe slots[slot] != value { slot &+= 1 }
    return slot
  }
}
