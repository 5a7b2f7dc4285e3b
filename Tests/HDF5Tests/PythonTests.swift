import HDF5
import Testing
import _TestSupport

@Suite("h5py reads ours, and we read h5py's")
struct PythonTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test func pythonReadsOurs() throws {
    let path = directory.path("ours.h5")
    do {
      let file = try HDF5File.create(path)
      try file.setAttribute("name", "Grüße")
      try file.setAttribute("bounds", [-1.5, 2])
      let group = try file.createGroup("learners")
      let points = try group.createDataset("points", Double.self, shape: [3, 2])
      try points.write([0, 0.1, 1, 1.1, 2, 2.1], rows: 0..<3)
      let leaves = try group.createDataset("leaves", Int32.self, shape: [3])
      try leaves.write([Int32(-7), 0, 8], rows: 0..<3)
      try group.createTexts("reasons", ["é", "", "no value"])
    }
    let read = try Python.run(
      """
      import h5py, sys
      f = h5py.File(sys.argv[1], "r")
      g = f["learners"]
      print(f.attrs["name"].decode(), f.attrs["bounds"].tolist(), g["points"][:].tolist())
      print(g["points"].dtype, g["points"].fletcher32, g["points"].chunks, g["points"].maxshape)
      print(g["leaves"][:].tolist(), g["leaves"].dtype, g["leaves"].fletcher32)
      print(g["reasons"].asstr()[:].tolist(), g["reasons"].fletcher32)
      """, path)
    #expect(
      read == """
        Grüße [-1.5, 2.0] [[0.0, 0.1], [1.0, 1.1], [2.0, 2.1]]
        float64 True (3, 2) (None, 2)
        [-7, 0, 8] int32 True
        ['é', '', 'no value'] True
        """)
  }

  @Test func weReadPythons() throws {
    let path = directory.path("theirs.h5")
    _ = try Python.run(
      """
      import h5py, numpy, sys
      f = h5py.File(sys.argv[1], "w")
      f.attrs["name"] = "Grüße"
      f["contiguous"] = numpy.arange(6.0).reshape(2, 3)
      f["scalar"] = 2.5
      f.create_dataset("zipped", data=numpy.arange(100000), compression="gzip", shuffle=True)
      """, path)
    let file = try HDF5File.openReadOnly(path)
    #expect(try file.textAttribute("name") == "Grüße")
    let contiguous = try file.openDataset("contiguous")
    #expect(try contiguous.read(Double.self, rows: 1..<2) == [3, 4, 5])
    #expect(try file.openDataset("scalar").read(Double.self) == [2.5])
    #expect(try file.openDataset("zipped").read(Int64.self) == Array(0..<100_000))
  }
}
