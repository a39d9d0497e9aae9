internal import Glibc

/// Numbers and columns for a person to read.
enum Text {
    /// Writes a line to stdout at once, also when that is a pipe.
    static func show(_ line: String) {
        var line = line + "\n"
        _ = line.withUTF8 { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }

    static func number(_ value: Double, decimals: Int = 0) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = Int((value * scale).rounded())
        guard decimals > 0 else { return String(scaled) }
        let digits = String(abs(scaled))
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return (scaled < 0 ? "-" : "") + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    static func size(_ bytes: Int) -> String {
        switch bytes {
        case (1 << 20)...: "\(bytes >> 20) MiB"
        case (1 << 10)...: "\(bytes >> 10) KiB"
        default: "\(bytes) B"
        }
    }

    /// One line of a table.
    static func row(_ columns: [String], widths: [Int]) -> String {
        zip(columns, widths).map { column, width in
            String(repeating: " ", count: max(0, width - column.count)) + column
        }.joined(separator: "  ")
    }
}
