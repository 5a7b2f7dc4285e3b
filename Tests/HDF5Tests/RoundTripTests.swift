import HDF5
import Testing
import _TestSupport

@Suite("What is written is read")
struct RoundTripTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func roundTrip<Element: HDF5Element & Equatable>(
    _ elements: [Element], shape: [Int]
  ) throws {
    let path = directory.path("\(Element.self).h5")
    do {
      let file = try HDF5File.create(path)
      let dataset = try file.createDataset("a", Element.self, shape: shape)
      try dataset.write(elements, rows: 0..<shape[0])
      try dataset.close()
      try file.close()
    }
    let file = try HDF5File.openReadOnly(path)
    let dataset = try file.openDataset("a").validated(as: Element.self, shape: shape)
    #expect(try dataset.read(Element.self) == elements)
    #expect(try dataset.shape == shape)
  }

  @Test func everyElementType() throws {
    try roundTrip([0.1, -.infinity, .leastNonzeroMagnitude, 3, 4, 5], shape: [2, 3])
    try roundTrip([Int32.min, -1, 0, .max], shape: [4])
    try roundTrip([Int64.min, -1, 0, .max], shape: [2, 2])
    try roundTrip([UInt8.min, 1, .max], shape: [3, 1])
    try roundTrip([UInt64.min, 1, .max], shape: [3])
  }

  @Test func bitsOfNotANumberAreKept() throws {
    let path = directory.path("nan.h5")
    let odd = Double(bitPattern: 0x7FF8_0000_0000_BEEF)
    let file = try HDF5File.create(path)
    let dataset = try file.createDataset("a", Double.self, shape: [2])
    try dataset.write([odd, -0.0], rows: 0..<2)
    #expect(try dataset.read(Double.self).map(\.bitPattern) == [odd, -0.0].map(\.bitPattern))
  }

  @Test func nothingIsRead() throws {
    let path = directory.path("empty.h5")
    do {
      let file = try HDF5File.create(path)
      _ = try file.createDataset("rows", Double.self, shape: [0, 3])
      _ = try file.createDataset("columns", Double.self, shape: [3, 0])
      try file.createTexts("texts", [])
      try file.close()
    }
    let file = try HDF5File.openReadOnly(path)
    #expect(try file.openDataset("rows").read(Double.self) == [])
    #expect(try file.openDataset("columns").read(Double.self) == [])
    #expect(try file.openDataset("columns").shape == [3, 0])
    #expect(try file.openDataset("texts").readTexts() == [])
  }

  @Test func slabsOfARowsThatGrow() throws {
    let path = directory.path("slabs.h5")
    let columns = 3
    let count = 10_000
    let all = (0..<count * columns).map { Double($0) * 0.5 }
    do {
      let file = try HDF5File.create(path)
      let dataset = try file.createDataset(
        "a", Double.self, shape: [0, columns], chunkRows: 512)
      for start in stride(from: 0, to: count, by: 777) {
        let rows = start..<min(count, start + 777)
        try dataset.resize(rows: rows.upperBound)
        let slab = Array(all[rows.lowerBound * columns..<rows.upperBound * columns])
        try dataset.write(slab, rows: rows)
      }
      try dataset.close()
      try file.close()
    }
    let file = try HDF5File.openReadOnly(path)
    let dataset = try file.openDataset("a")
    #expect(try dataset.read(Double.self) == all)
    #expect(try dataset.read(Double.self, rows: 511..<514) == Array(all[1533..<1542]))
    #expect(throws: HDF5Error.self) { _ = try dataset.read(Double.self, rows: 9_999..<10_001) }
  }

  @Test func largeRowsAreCutIntoChunks() throws {
    try roundTrip((0..<200_000).map(Double.init), shape: [2, 100_000])
  }

  @Test func textsKeepTheirBytes() throws {
    let texts = ["", "a", "Grüße, 世界", "line\nline", String(repeating: "x", count: 70_000)]
    let path = directory.path("texts.h5")
    do {
      let file = try HDF5File.create(path)
      try file.createTexts("texts", texts)
      try file.close()
    }
    #expect(try HDF5File.openReadOnly(path).openDataset("texts").readTexts() == texts)
  }

  @Test func attributesOnFileGroupAndDataset() throws {
    let path = directory.path("attributes.h5")
    do {
      let file = try HDF5File.create(path)
      try file.setAttribute("name", "Grüße")
      try file.setAttribute("none", "")
      let group = try file.createGroup("g")
      try group.setAttribute("scale", 0.25)
      try group.setAttribute("count", Int64.min)
      let dataset = try group.createDataset("d", UInt8.self, shape: [1])
      try dataset.setAttribute("bounds", [-1.0, 2.5])
      try dataset.setAttribute("words", [UInt64.max, 0])
      try dataset.setAttribute("nothing", [Double]())
    }
    let file = try HDF5File.openReadOnly(path)
    #expect(try file.textAttribute("name") == "Grüße")
    #expect(try file.textAttribute("none") == "")
    #expect(try file.hasAttribute("name") && !file.hasAttribute("other"))
    let group = try file.openGroup("g")
    #expect(try group.attribute("scale", as: Double.self) == 0.25)
    #expect(try group.attribute("count", as: Int64.self) == Int64.min)
    #expect(throws: HDF5Error.self) { _ = try group.attribute("count", as: Double.self) }
    #expect(try group.linkNames(countMax: 1) == ["d"])
    #expect(throws: HDF5Error.self) { _ = try group.linkNames(countMax: 0) }
  }

  @Test func theLibrarySaysWhatItIs() throws {
    try HDF5Library.open()
    #expect(HDF5Library.version.split(separator: ".").count == 3)
    #expect(HDF5Library.version != "unknown")
  }
}
