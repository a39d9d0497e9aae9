/// Finds the word that somebody probably meant.
enum NearestWord {
    /// The candidate nearest to `word`, if it is near enough to be worth a guess. Case does not count.
    static func to(_ word: String, among candidates: [String]) -> String? {
        // Nobody mistypes a key into something this long, and the distance costs time in the product of the lengths.
        guard word.utf8.count <= 64 else { return nil }
        let lower = Array(word.lowercased().unicodeScalars)
        let ranked = candidates.map { ($0, distance(lower, Array($0.lowercased().unicodeScalars))) }
        guard let best = ranked.min(by: { $0.1 < $1.1 }) else { return nil }
        return best.1 <= max(1, lower.count / 3) ? best.0 : nil
    }

    /// How many insertions, deletions, replacements and swaps of neighbours lead from one word to the other
    /// (optimal string alignment).
    static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var rows = [Array(0...right.count)]
        for (i, character) in left.enumerated() {
            var row = [i + 1]
            for (j, other) in right.enumerated() {
                var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (character == other ? 0 : 1))
                if i > 0, j > 0, character == right[j - 1], left[i - 1] == other {
                    best = min(best, rows[i - 1][j - 1] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
