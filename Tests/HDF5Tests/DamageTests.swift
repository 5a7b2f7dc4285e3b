import CHDF5
import Foundation
import HDF5
import Testing
import _TestSupport

@Suite("Damage and misuse are thrown, with the call and the place")
struct DamageTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func thrown(_ body: () throws(HDF5Error) -> Void) -> HDF5Error? {
    do throws(HDF5Error) {
      try body()
      return nil
    } catch {
      return error
    }
  }

  private func fileWithRamp(count: Int) throws -> String {
    let path = directory.path("ramp.h5")
    let file = try HDF5File.create(path)
    let dataset = try file.createDataset("ramp", Double.self, shape: [count])
    try dataset.write((0..<count).map(Double.init), rows: 0..<count)
    try dataset.close()
    try file.close()
    return path
  }

  @Test func aMissingFileIsNamed() {
    let path = directory.path("none.h5")
    let error = thrown { () throws(HDF5Error) in _ = try HDF5File.openReadOnly(path) }
    #expect(error?.code == .callFailed)
    #expect(error?.operation == "H5Fopen")
    #expect(error?.description.contains(path) == true)
    #expect(error?.stack.contains { $0.contains("No such file or directory") } == true)
  }

  @Test func anExistingFileIsNotOverwritten() throws {
    let path = try fileWithRamp(count: 4)
    let error = thrown { () throws(HDF5Error) in _ = try HDF5File.create(path) }
    #expect(error?.operation == "H5Fcreate")
    #expect(try HDF5File.openReadOnly(path).openDataset("ramp").read(Double.self) == [0, 1, 2, 3])
  }

  @Test func aMissingDatasetIsNamed() throws {
    let path = try fileWithRamp(count: 4)
    let file = try HDF5File.openReadOnly(path)
    let error = thrown { () throws(HDF5Error) in _ = try file.openDataset("slope") }
    #expect(error?.path == "\(path):/slope")
  }

  @Test func aFileCannotBeClosedUnderItsDataset() throws {
    let path = directory.path("open.h5")
    let file = try HDF5File.create(path)
    let dataset = try file.createDataset("a", Double.self, shape: [1])
    do throws(HDF5Error) {
      try file.close()
      Issue.record("the file was closed")
    } catch {
      #expect(error.operation == "H5Fclose")
    }
    try dataset.close()
  }

  @Test func errorsAreNotPrinted() throws {
    try HDF5Library.open()
    var printer: H5E_auto2_t? = nil
    var context: UnsafeMutableRawPointer? = nil
    #expect(H5Eget_auto2(chdf5_error_stack(), &printer, &context) >= 0)
    #expect(printer == nil)
  }

  @Test func misuseIsAnErrorNotATrap() throws {
    let file = try HDF5File.create(directory.path("misuse.h5"))
    for name in ["", ".", "a/b", "a\0b"] {
      #expect(throws: HDF5Error.self) { _ = try file.createGroup(name) }
    }
    #expect(throws: HDF5Error.self) { try file.createTexts("nul", ["a\0b"]) }
    #expect(throws: HDF5Error.self) {
      _ = try file.createDataset("a", Double.self, shape: [-1])
    }
    let dataset = try file.createDataset("b", Double.self, shape: [2])
    #expect(throws: HDF5Error.self) { try dataset.write([1.0], rows: 0..<2) }
    #expect(throws: HDF5Error.self) { try dataset.write([Int64(1), 2], rows: 0..<2) }
    #expect(throws: HDF5Error.self) { try dataset.resize(rows: -1) }
    #expect(throws: HDF5Error.self) {
      try file.setAttribute("big", String(repeating: "x", count: 100_000))
    }
  }

  /// Every byte of the stored numbers: changed, it must be an error and never another number.
  @Test func aFlippedByteIsNoticed() throws {
    let path = try fileWithRamp(count: 64)
    let good = try Data(contentsOf: URL(fileURLWithPath: path))
    let ramp = (0..<64).map(Double.init)
    let bytes = ramp.withUnsafeBytes { Data($0) }
    let place = try #require(good.range(of: bytes))
    for index in place {
      var bad = good
      bad[index] ^= 0x10
      try bad.write(to: URL(fileURLWithPath: path))
      let error = thrown { () throws(HDF5Error) in
        _ = try HDF5File.openReadOnly(path).openDataset("ramp").read(Double.self)
      }
      #expect(error?.operation == "H5Dread", "byte \(index)")
      #expect(error?.path == "\(path):/ramp")
    }
  }

  /// Every byte of the whole file: an error, or the right numbers; never others, never a crash.
  @Test func aFlippedByteAnywhereIsNoticedOrHarmless() throws {
    let path = try fileWithRamp(count: 16)
    let good = try Data(contentsOf: URL(fileURLWithPath: path))
    let ramp = (0..<16).map(Double.init)
    for index in good.indices {
      var bad = good
      bad[index] ^= 1 << (index % 8)
      try bad.write(to: URL(fileURLWithPath: path))
      _ = thrown { () throws(HDF5Error) in
        let read = try HDF5File.openReadOnly(path).openDataset("ramp").read(Double.self)
        #expect(read == ramp, "byte \(index) changed the data unnoticed")
      }
    }
  }

  @Test func truncationIsNoticed() throws {
    let path = try fileWithRamp(count: 16)
    let good = try Data(contentsOf: URL(fileURLWithPath: path))
    for length in stride(from: 0, to: good.count, by: 7) {
      try good.prefix(length).write(to: URL(fileURLWithPath: path))
      let error = thrown { () throws(HDF5Error) in
        _ = try HDF5File.openReadOnly(path).openDataset("ramp").read(Double.self)
      }
      #expect(error != nil, "\(length) bytes")
    }
  }
}
