/// How large files, functions and lines may be.
enum SizeRule {
  static let fileLinesMax = 400

  /// What no exemption can raise.
  static let fileLinesLimit = 800

  static let functionLinesMax = 70
  static let columnsMax = 100

  static func violations(in source: SourceText) -> [Violation] {
    var found: [Violation] = []
    let lineCount = source.original.count - (source.original.last == "" ? 1 : 0)
    if lineCount > fileLinesLimit {
      found.append(
        Violation(path: source.path, line: 0, message: "file past any limit: \(lineCount) lines"))
    } else if lineCount > fileLinesMax {
      found.append(Violation(path: source.path, line: 0, message: "file of \(lineCount) lines"))
    }
    for (index, line) in source.original.enumerated() where line.count > columnsMax {
      found.append(
        Violation(path: source.path, line: index + 1, message: "line of \(line.count) columns"))
    }
    for function in functions(in: source) where function.lineCount > functionLinesMax {
      found.append(
        Violation(
          path: source.path, line: function.line,
          message: "\(function.name) has \(function.lineCount) lines"))
    }
    return found
  }

  struct Function: Equatable {
    let name: String
    let line: Int

    /// From the line of its keyword to that of its closing brace.
    let lineCount: Int
  }

  /// Every function, initialiser, deinitialiser and subscript that has a body.
  static func functions(in source: SourceText) -> [Function] {
    let tokens = Token.all(in: source)
    var found: [Function] = []
    for (index, token) in tokens.enumerated()
    where ["func", "init", "deinit", "subscript"].contains(token.text) {
      // `self.init(…)` and `.init(…)` are calls.
      if index > 0, tokens[index - 1].text == "." { continue }
      guard let end = endOfBody(after: index, in: tokens) else { continue }
      let name = token.text == "func" ? tokens[index + 1].text : token.text
      found.append(
        Function(name: name, line: token.line, lineCount: tokens[end].line - token.line + 1))
    }
    return found
  }

  /// The index of the brace that closes the body of the declaration at `start`; nil if it has none,
  /// as in a protocol.
  private static func endOfBody(after start: Int, in tokens: [Token]) -> Int? {
    let others: Set = ["func", "init", "deinit", "subscript", "var", "let", "case", "struct"]
    var parentheses = 0
    var braces = 0
    for index in tokens.indices.dropFirst(start + 1) {
      switch tokens[index].text {
      case "(", "[": parentheses += 1
      case ")", "]": parentheses -= 1
      case "{": if parentheses == 0 { braces += 1 }
      case "}" where parentheses == 0:
        if braces == 0 { return nil }
        braces -= 1
        if braces == 0 { return index }
      case let word where others.contains(word) && braces == 0 && parentheses == 0: return nil
      default: break
      }
    }
    return nil
  }
}

/// A word, or one character of anything else that is not blank.
struct Token: Equatable {
  let text: String

  /// Counted from 1.
  let line: Int

  static func all(in source: SourceText) -> [Token] {
    var tokens: [Token] = []
    for (index, line) in source.code.enumerated() {
      var word = ""
      for character in line + " " {
        if character.isLetter || character.isNumber || character == "_" {
          word.append(character)
          continue
        }
        if !word.isEmpty { tokens.append(Token(text: word, line: index + 1)) }
        word = ""
        if character.isWhitespace { continue }
        tokens.append(Token(text: String(character), line: index + 1))
      }
    }
    return tokens
  }
}
