import CHDF5

/// One object of the library, closed exactly once, with the path that errors about it name.
struct Handle: ~Copyable {
  enum Kind {
    case file, group, dataset, attribute, datatype, dataspace, propertyList
  }

  let path: String

  private let owned: OwnedIdentifier

  /// Takes over what `operation` returned.
  init(_ identifier: hid_t, _ kind: Kind, _ operation: String, _ path: String) throws(HDF5Error) {
    try check(identifier, operation, path)
    self.path = path
    self.owned = OwnedIdentifier(identifier: identifier, kind: kind)
  }

  var identifier: hid_t { owned.identifier }

  /// Closes, and says what went wrong; for a file this is what writes its last bytes.
  consuming func close() throws(HDF5Error) {
    let path = path
    let (operation, status) = owned.close()
    try check(status, operation, path)
  }
}

/// What is closed, quietly if nobody asked.
struct OwnedIdentifier: ~Copyable {
  let identifier: hid_t
  let kind: Handle.Kind

  consuming func close() -> (operation: String, status: herr_t) {
    let (identifier, kind) = (identifier, kind)
    discard self
    return Self.close(identifier, kind)
  }

  deinit { _ = Self.close(identifier, kind) }

  private static func close(_ identifier: hid_t, _ kind: Handle.Kind) -> (String, herr_t) {
    switch kind {
    case .file: ("H5Fclose", H5Fclose(identifier))
    case .group: ("H5Gclose", H5Gclose(identifier))
    case .dataset: ("H5Dclose", H5Dclose(identifier))
    case .attribute: ("H5Aclose", H5Aclose(identifier))
    case .datatype: ("H5Tclose", H5Tclose(identifier))
    case .dataspace: ("H5Sclose", H5Sclose(identifier))
    case .propertyList: ("H5Pclose", H5Pclose(identifier))
    }
  }
}
