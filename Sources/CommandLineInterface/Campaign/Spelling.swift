/// What somebody who mistyped a word may have meant.
enum Spelling {
  /// " (did you mean 'bounds'?)", or nothing where no known word is near.
  static func hint(for word: String, among known: [String]) -> String {
    // Long words are not misspellings, and the distance takes their product in steps.
    guard word.utf8.count <= 64 else { return "" }
    let distances = known.map { distance(word.lowercased(), $0.lowercased()) }
    guard let least = distances.min(), least <= max(1, word.count / 3),
      let index = distances.firstIndex(of: least)
    else { return "" }
    return " (did you mean '\(known[index])'?)"
  }

  /// Insertions, deletions, substitutions and swaps of neighbours that make `b` of `a`: the optimal
  /// string alignment distance (Damerau, Comm. ACM 7(3), 1964). Takes the product of the lengths.
  static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a)
    let b = Array(b)
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        let replaced = last[j] + (a[i] == b[j] ? 0 : 1)
        var best = min(replaced, last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, beforeLast[j - 1] + 1)
        }
        row.append(best)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
