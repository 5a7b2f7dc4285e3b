package import AdaptiveCore

/// Reads the numbers that a program wrote: exactly as many as a value has, and nothing else.
package struct ProgramAnswer {
  package let valueCount: Int

  package init(valueCount: Int) { self.valueCount = valueCount }

  /// What is at fault.
  package struct Fault: Error {
    package var failure: Failure
  }

  /// Numbers separated by spaces, commas or line ends.
  package func numbers(in text: some StringProtocol) throws(Fault) -> [Double] {
    let words = text.split(whereSeparator: Self.separates)
    guard words.count == valueCount else {
      throw fault(
        .wrongCount,
        "answered '\(shortened(text))': found \(words.count) numbers, allowed: \(valueCount)")
    }
    var numbers: [Double] = []
    for word in words { numbers.append(try number(Substring(word), in: text)) }
    return numbers
  }

  /// The last place where a text matches `pattern`: its literal parts, white space or commas of any
  /// length for white space and commas, and a number for each `{}`.
  package func numbers(
    in text: String, matching pattern: ProgramTemplate
  ) throws(Fault) -> [Double] {
    let words = text.split(whereSeparator: Self.separates)
    // A pattern is a run of words, of which some hold a number beside fixed letters.
    let shape = Self.words(of: pattern)
    guard pattern.placeholders.count == valueCount, shape.count <= words.count else {
      throw missing(text)
    }
    for start in stride(from: words.count - shape.count, through: 0, by: -1) {
      var found: [Substring] = []
      let matches = zip(shape, words[start...]).allSatisfy { shape, word in
        guard let numbers = shape.numbers(in: word) else { return false }
        found += numbers
        return true
      }
      guard matches else { continue }
      var numbers: [Double] = []
      for word in found { numbers.append(try number(word, in: word)) }
      return numbers
    }
    throw missing(text)
  }

  private static func separates(_ character: Character) -> Bool {
    character.isWhitespace || character == ","
  }

  private func missing(_ text: String) -> Fault {
    let what = text.allSatisfy(\.isWhitespace) ? "nothing" : "'\(shortened(text.suffix(120)))'"
    return fault(.wrongCount, "the pattern is not in what was written: found \(what) at its end")
  }

  private func number(
    _ word: Substring, in text: some StringProtocol
  ) throws(Fault) -> Double {
    // Fortran writes 1.0D-3.
    let plain = word.replacing("D", with: "e").replacing("d", with: "e")
    guard let number = Double(word) ?? Double(plain) else {
      throw fault(
        .wrongCount, "answered '\(shortened(text))': '\(shortened(word))' is not a number")
    }
    return number
  }

  private func fault(_ kind: Failure.Kind, _ text: String) -> Fault {
    Fault(failure: Failure(kind, text))
  }

  private func shortened(_ text: some StringProtocol) -> String {
    let line = String(text.prefix(120).map { $0.isNewline || $0 == "\t" ? " " : $0 })
    return text.count > 120 ? line + "…" : line
  }
}

// MARK: - Patterns

extension ProgramAnswer {
  /// One word of a pattern: fixed letters around at most one number.
  struct WordShape: Equatable {
    var before = ""
    var hasNumber = false
    var after = ""

    /// The numbers in a word of this shape; nil if it has another.
    func numbers(in word: Substring) -> [Substring]? {
      guard hasNumber else { return word == before ? [] : nil }
      guard word.count > before.count + after.count, word.hasPrefix(before), word.hasSuffix(after)
      else { return nil }
      return [word.dropFirst(before.count).dropLast(after.count)]
    }
  }

  /// The words of a pattern, in order.
  static func words(of pattern: ProgramTemplate) -> [WordShape] {
    var words: [WordShape] = []
    var current: WordShape?
    for (index, literal) in pattern.literals.enumerated() {
      for character in literal {
        if separates(character) {
          if let word = current { words.append(word) }
          current = nil
        } else {
          var word = current ?? WordShape()
          if word.hasNumber {
            word.after.append(character)
          } else {
            word.before.append(character)
          }
          current = word
        }
      }
      guard index < pattern.placeholders.count else { continue }
      // Two numbers in one word are two words: they could not be told apart.
      if let word = current, word.hasNumber {
        words.append(word)
        current = nil
      }
      var word = current ?? WordShape()
      word.hasNumber = true
      current = word
    }
    if let word = current { words.append(word) }
    return words
  }
}
