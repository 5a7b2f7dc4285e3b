import CHDF5

/// A number as it can stand in a dataset.
public enum ElementType: Sendable, CaseIterable {
  case float64, int32, int64, uint8, uint64

  /// Bytes of one number.
  public var byteCount: Int {
    switch self {
    case .float64, .int64, .uint64: 8
    case .int32: 4
    case .uint8: 1
    }
  }

  /// The type in files: little-endian everywhere.
  var fileType: hid_t {
    switch self {
    case .float64: chdf5_ieee_f64le()
    case .int32: chdf5_std_i32le()
    case .int64: chdf5_std_i64le()
    case .uint8: chdf5_std_u8le()
    case .uint64: chdf5_std_u64le()
    }
  }

  /// The type in this machine's memory.
  var memoryType: hid_t {
    switch self {
    case .float64: chdf5_native_double()
    case .int32: chdf5_native_int32()
    case .int64: chdf5_native_int64()
    case .uint8: chdf5_native_uint8()
    case .uint64: chdf5_native_uint64()
    }
  }
}

/// A Swift number that an ``ElementType`` describes.
public protocol HDF5Element: BitwiseCopyable, ExpressibleByIntegerLiteral {
  static var elementType: ElementType { get }
}

extension Double: HDF5Element {
  public static var elementType: ElementType { .float64 }
}

extension Int32: HDF5Element {
  public static var elementType: ElementType { .int32 }
}

extension Int64: HDF5Element {
  public static var elementType: ElementType { .int64 }
}

extension UInt8: HDF5Element {
  public static var elementType: ElementType { .uint8 }
}

extension UInt64: HDF5Element {
  public static var elementType: ElementType { .uint64 }
}
