import CHDF5

/// Files that are made and read in memory, as images of their bytes.
///
/// The library then makes no call to the operating system: a full disk is for whoever writes the
/// image. HDF5 1.10 itself ends the process with SIGSEGV where a write to its file fails.
extension HDF5File {
  /// The bytes of a new file (`H5Pset_fapl_core`), in the format of HDF5 1.10.
  ///
  /// - Parameters:
  ///   - name: what errors call it; two open ones of a name are refused.
  ///   - fill: makes what the file holds, and closes what it opens.
  public static func image(
    _ name: String, _ fill: (borrowing HDF5File) throws(HDF5Error) -> Void
  ) throws(HDF5Error) -> [UInt8] {
    let access = try memoryAccessList(name)
    try setFormatBounds(access)
    let image = UnsafeMutablePointer<chdf5_image>.allocate(capacity: 1)
    unsafe image.initialize(to: chdf5_image(bytes: nil, count: 0))
    defer {
      unsafe free(image.pointee.bytes)
      unsafe image.deallocate()
    }
    try check(
      unsafe chdf5_keep_image(access.identifier, image), "H5Pset_file_image_callbacks", name)
    do {
      let file = HDF5File(
        try Handle(
          unsafe H5Fcreate(name, chdf5_exclusive(), chdf5_default(), access.identifier),
          .file, "H5Fcreate", name), name)
      try fill(file)
      try file.close()
    }
    return unsafe Array(
      UnsafeRawBufferPointer(start: image.pointee.bytes, count: image.pointee.count))
  }

  /// Opens an image for reading only (`H5Pset_file_image`). The library keeps a copy of it.
  ///
  /// - Parameter name: what errors call it.
  public static func open(image: [UInt8], name: String) throws(HDF5Error) -> HDF5File {
    let access = try memoryAccessList(name)
    var image = image
    try check(
      unsafe image.withUnsafeMutableBytes { bytes in
        unsafe H5Pset_file_image(access.identifier, bytes.baseAddress, bytes.count)
      }, "H5Pset_file_image", name)
    // The library insists that no file of the image's name is there.
    let handle = try Handle(
      unsafe H5Fopen("\(name) in memory", chdf5_read_only(), access.identifier),
      .file, "H5Fopen", name)
    return HDF5File(handle, name)
  }

  /// Memory grows to multiples of this, and so does the file: to no more than it holds.
  private static let growthBytes = 1

  private static func memoryAccessList(_ name: String) throws(HDF5Error) -> Handle {
    let access = try accessList(name)
    try check(
      H5Pset_fapl_core(access.identifier, growthBytes, false), "H5Pset_fapl_core", name)
    return access
  }
}
