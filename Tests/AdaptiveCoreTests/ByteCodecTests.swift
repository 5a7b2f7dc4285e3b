import AdaptiveCore
import Testing

@Suite struct ByteCodecTests {
  @Test("what was written is read back, and the end is an error") func roundTrip() throws {
    var memory = [UInt8](repeating: 0, count: 64)
    let count = memory.withUnsafeMutableBytes { bytes in
      var writer = ByteWriter(bytes)
      writer.write(UInt8(7))
      writer.write(Int32(-5))
      writer.write([1.5, -0.0, .infinity].span)
      writer.overwrite(UInt8(9), at: 0)
      #expect(writer.remaining == 64 - writer.count)
      return writer.count
    }
    #expect(count == 1 + 4 + 24)
    try memory.withUnsafeBytes { bytes in
      var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
      #expect(try reader.read(UInt8.self) == 9)
      #expect(try reader.read(Int32.self) == -5)
      var doubles: [Double] = []
      try reader.read(3, into: &doubles, filler: 0)
      #expect(doubles.map(\.bitPattern) == [1.5, -0.0, .infinity].map(\.bitPattern))
      #expect(reader.remaining == 0)
      #expect(throws: DecodingError.self) { try reader.read(UInt8.self) }
    }
  }

  @Test("counts that nothing can hold are errors", arguments: [-1, 9, .max])
  func wildCounts(count: Int) {
    [UInt8](repeating: 0, count: 64).withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      var doubles: [Double] = []
      #expect(throws: DecodingError.self) { try reader.read(count, into: &doubles, filler: 0) }
      #expect(throws: DecodingError.self) { _ = try reader.read(bytes: count < 9 ? -1 : .max) }
      #expect(doubles.isEmpty && reader.offset == 0)
    }
  }
}
