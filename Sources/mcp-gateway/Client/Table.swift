/// Columns that are aligned.
struct Table {
    private var rows: [[(text: String, colour: Terminal.Colour?)]]

    init(_ titles: [String]) {
        rows = [titles.map { ($0, .dim) }]
    }

    mutating func add(_ cells: [(text: String, colour: Terminal.Colour?)]) {
        rows.append(cells)
    }

    /// The table, a line a row.
    var text: String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.count > column ? $0[column].text.count : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += Terminal.coloured(cell.text, cell.colour)
                guard column + 1 < row.count else { continue }
                line += String(repeating: " ", count: widths[column] - cell.text.count + 2)
            }
            return line + "\n"
        }.joined()
    }
}
