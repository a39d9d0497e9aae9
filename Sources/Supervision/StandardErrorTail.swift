/// The last lines a server wrote to stderr, each already cut to its limit where it was read.
struct StandardErrorTail {
    private let capacity: Int
    private var ring: [String] = []
    /// Where the next line goes once the ring is full, which is also where the oldest one is.
    private var oldest = 0

    /// How many lines the present life has written.
    private var linesOfThisLife = 0

    /// - Parameter capacity: how many lines are kept.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// From here on `last` is what a new life says.
    mutating func beginLife() {
        linesOfThisLife = 0
    }

    mutating func append(_ line: String) {
        linesOfThisLife = min(linesOfThisLife + 1, capacity)
        if ring.count < capacity {
            ring.append(line)
        } else {
            ring[oldest] = line
            oldest = (oldest + 1) % capacity
        }
    }

    /// The lines, oldest first.
    var lines: [String] { Array(ring[oldest...] + ring[..<oldest]) }

    /// The newest line of the present life that says anything.
    var last: String? {
        lines.suffix(linesOfThisLife).last { !$0.allSatisfy(\.isWhitespace) }
    }
}
