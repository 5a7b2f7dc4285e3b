/// Swift source with comments and the text of string literals blanked out, so that rules look at
/// code only. Every line keeps its number and every column its place.
///
/// Not a parser: regular-expression literals are taken for operators.
struct SourceText {
  let path: String

  /// The lines as they stand in the file.
  let original: [String]

  /// The same lines, with blanks where comments and string literals stand.
  let code: [String]

  init(path: String, text: String) {
    self.path = path
    original = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    code = Blanking(text).result.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
  }

  /// `Sources/MPI/Communicator.swift` → `MPI`; nil outside `Sources`.
  var module: String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
  }
}

/// Walks over the characters once, keeping account of what it is inside of.
private struct Blanking {
  private enum Place: Equatable {
    /// Code; `parentheses` counts those open since an interpolation began.
    case code(parentheses: Int)
    case lineComment
    case blockComment(depth: Int)
    case string(hashes: Int, multiline: Bool)
  }

  private let characters: [Character]
  private var index = 0
  private var places: [Place] = [.code(parentheses: 0)]
  private(set) var result = ""

  init(_ text: String) {
    characters = Array(text)
    while index < characters.count { step() }
  }

  private mutating func step() {
    switch places.last! {
    case .code(let parentheses): stepInCode(parentheses)
    case .lineComment:
      if characters[index] == "\n" { places.removeLast() }
      blank(1)
    case .blockComment(let depth):
      if starts(with: "*/") {
        places.removeLast()
        if depth > 1 { places.append(.blockComment(depth: depth - 1)) }
        blank(2)
      } else if starts(with: "/*") {
        places[places.count - 1] = .blockComment(depth: depth + 1)
        blank(2)
      } else {
        blank(1)
      }
    case .string(let hashes, let multiline): stepInString(hashes, multiline)
    }
  }

  private mutating func stepInCode(_ parentheses: Int) {
    if starts(with: "//") {
      places.append(.lineComment)
      return blank(2)
    }
    if starts(with: "/*") {
      places.append(.blockComment(depth: 1))
      return blank(2)
    }
    var hashes = 0
    while index + hashes < characters.count, characters[index + hashes] == "#" { hashes += 1 }
    if index + hashes < characters.count, characters[index + hashes] == "\"" {
      let multiline = starts(with: "\"\"\"", offset: hashes)
      places.append(.string(hashes: hashes, multiline: multiline))
      return blank(hashes + (multiline ? 3 : 1))
    }
    let isInterpolation = places.count > 1
    if isInterpolation, characters[index] == "(" {
      places[places.count - 1] = .code(parentheses: parentheses + 1)
    } else if isInterpolation, characters[index] == ")" {
      if parentheses == 0 {
        places.removeLast()
        return blank(1)
      }
      places[places.count - 1] = .code(parentheses: parentheses - 1)
    }
    result.append(characters[index])
    index += 1
  }

  private mutating func stepInString(_ hashes: Int, _ multiline: Bool) {
    let mark = String(repeating: "#", count: hashes)
    if starts(with: "\\" + mark + "(") {
      places.append(.code(parentheses: 0))
      blank(2 + hashes)
    } else if starts(with: "\\" + mark) {
      blank(2 + hashes)
    } else if starts(with: (multiline ? "\"\"\"" : "\"") + mark) {
      places.removeLast()
      blank((multiline ? 3 : 1) + hashes)
    } else {
      if !multiline, characters[index] == "\n" { places.removeLast() }
      blank(1)
    }
  }

  private func starts(with text: String, offset: Int = 0) -> Bool {
    var position = index + offset
    for character in text {
      guard position < characters.count, characters[position] == character else { return false }
      position += 1
    }
    return true
  }

  private mutating func blank(_ count: Int) {
    for _ in 0..<count where index < characters.count {
      result.append(characters[index] == "\n" ? "\n" : " ")
      index += 1
    }
  }
}
