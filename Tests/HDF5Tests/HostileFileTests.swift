import Foundation
import HDF5
import Testing
import _TestSupport

@Suite("Files from elsewhere lead nowhere else")
struct HostileFileTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// A file made by h5py; `f` is the open file, `d` the folder.
  private func makeFile(_ statements: String) throws -> HDF5File {
    let path = directory.path("hostile.h5")
    _ = try Python.run(
      """
      import h5py, numpy, sys
      d = sys.argv[1] + "/"
      f = h5py.File(sys.argv[2], "w", libver=("v110", "v110"))
      \(statements)
      f.close()
      """, directory.path, path)
    return try HDF5File.openReadOnly(path)
  }

  private func expectRefusal(
    _ statements: String, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let file = try makeFile(statements)
    do throws(HDF5Error) {
      _ = try file.openDataset("x")
      Issue.record("was opened", sourceLocation: location)
    } catch {
      #expect(error.code == .refused, "\(error)", sourceLocation: location)
    }
  }

  @Test func softLinks() throws {
    try expectRefusal("f['a'] = [1.0]; f['x'] = h5py.SoftLink('/a')")
  }

  @Test func externalLinks() throws {
    try expectRefusal(
      """
      g = h5py.File(d + "other.h5", "w"); g["a"] = [1.0]; g.close()
      f["x"] = h5py.ExternalLink("other.h5", "/a")
      """)
  }

  @Test func groupsBehindLinks() throws {
    let file = try makeFile("f.create_group('a'); f['x'] = h5py.SoftLink('/a')")
    #expect(throws: HDF5Error.self) { _ = try file.openGroup("x") }
  }

  @Test func externalStorage() throws {
    try Data("secret, 16 bytes".utf8).write(
      to: URL(fileURLWithPath: directory.path("secret")))
    try expectRefusal(
      "f.create_dataset('x', (2,), 'f8', external=[(d + 'secret', 0, 16)])")
  }

  @Test func virtualLayouts() throws {
    try expectRefusal(
      """
      g = h5py.File(d + "other.h5", "w"); g["a"] = [1.0]; g.close()
      layout = h5py.VirtualLayout((1,), "f8")
      layout[0:1] = h5py.VirtualSource(d + "other.h5", "a", (1,))
      f.create_virtual_dataset("x", layout)
      """)
  }

  @Test func otherFilters() throws {
    try expectRefusal(
      "f.create_dataset('x', data=numpy.arange(100), chunks=(10,), scaleoffset=0)")
  }

  @Test func sizesThatTheFileCannotHold() throws {
    try expectRefusal("f.create_dataset('x', (10**15,), 'f8', chunks=(1000,))")
    try expectRefusal("f.create_dataset('x', (2**40, 2**40), 'f8', chunks=(10, 10))")
    try expectRefusal("f.create_dataset('x', (10**9,), 'f8')")
    try expectRefusal(
      "f.create_dataset('x', (10**9,), 'f8', chunks=(10,), compression='gzip')[0] = 1")
  }

  @Test func othersTypes() throws {
    let file = try makeFile(
      """
      f['texts'] = ['a', 'bc']
      f['pairs'] = numpy.zeros(3, [('a', 'f8'), ('b', 'f8')])
      f['floats'] = numpy.zeros(3, 'f4')
      f['null'] = h5py.Empty('f8')
      f.create_group('group')
      f.attrs['long'] = numpy.zeros(7000)
      f.attrs['texts'] = ['a', 'b']
      """)
    for name in ["texts", "pairs", "floats", "null", "group"] {
      #expect(throws: HDF5Error.self, "\(name)") {
        _ = try file.openDataset(name).read(Double.self)
      }
      #expect(throws: HDF5Error.self, "\(name)") { _ = try file.openDataset(name).readTexts() }
    }
    #expect(try file.attributeValues("long", as: Double.self).count == 7000)
    #expect(throws: HDF5Error.self) { _ = try file.textAttribute("texts") }
    #expect(throws: HDF5Error.self) { _ = try file.textAttribute("long") }
    #expect(throws: HDF5Error.self) {
      _ = try file.openDataset("floats").validated(as: Double.self, shape: [3])
    }
  }

  @Test func otherShapes() throws {
    let file = try makeFile("f['x'] = numpy.zeros((3, 2))")
    _ = try file.openDataset("x").validated(as: Double.self, shape: [nil, 2])
    #expect(throws: HDF5Error.self) {
      _ = try file.openDataset("x").validated(as: Double.self, shape: [nil, 3])
    }
    #expect(throws: HDF5Error.self) {
      _ = try file.openDataset("x").validated(as: Double.self, shape: [nil])
    }
  }
}
