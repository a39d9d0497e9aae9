/// A URI template (RFC 6570), as far as it must be known which URIs it can expand to.
///
/// What a variable expands to is taken loosely, as servers do that match templates with patterns of their own: a plain
/// `{x}` is anything without `/`, `?` and `#`, every other kind of expression is anything at all.
struct URITemplate {
    /// Longer templates overlap only with themselves: the comparison takes time in proportion to both lengths.
    static let comparisonLimit = 256

    private enum Element: Equatable {
        case byte(UInt8)
        /// Any number of bytes other than `/`, `?` and `#`.
        case segment
        /// Any number of any bytes.
        case anything

        func repeats(_ byte: UInt8) -> Bool {
            switch self {
            case .byte: false
            case .segment: byte != UInt8(ascii: "/") && byte != UInt8(ascii: "?") && byte != UInt8(ascii: "#")
            case .anything: true
            }
        }

        var isRepeating: Bool { if case .byte = self { false } else { true } }
    }

    /// As it was written.
    let text: String
    private let elements: [Element]
    /// What every expansion begins with.
    private let beginning: [UInt8]

    /// Reads a template. What is no template is taken literally.
    init(_ text: String) {
        self.text = text
        var elements: [Element] = []
        var rest = text.utf8[...]
        while let byte = rest.first {
            guard byte == UInt8(ascii: "{"), let end = rest.firstIndex(of: UInt8(ascii: "}")) else {
                elements.append(.byte(byte))
                rest = rest.dropFirst()
                continue
            }
            let kind = rest.dropFirst().first ?? 0
            elements.append(Self.operators.contains(kind) ? .anything : .segment)
            rest = rest[end...].dropFirst()
        }
        self.elements = elements
        beginning = elements.prefix { !$0.isRepeating }.map { if case .byte(let byte) = $0 { byte } else { 0 } }
    }

    private static let operators = Set("+#./;?&".utf8)

    /// Whether it can expand to this URI.
    func matches(_ uri: String) -> Bool {
        guard uri.utf8.starts(with: beginning) else { return false }
        var places = advanced([0])
        for byte in uri.utf8 {
            var next: Set<Int> = []
            for place in places where place < elements.count {
                if elements[place].repeats(byte) { next.insert(place) }
                if elements[place] == .byte(byte) { next.insert(place + 1) }
            }
            places = advanced(next)
            if places.isEmpty { return false }
        }
        return places.contains(elements.count)
    }

    /// These places, and those behind repetitions of nothing.
    private func advanced(_ places: Set<Int>) -> Set<Int> {
        var all = places
        for place in places {
            var next = place
            while next < elements.count, elements[next].isRepeating {
                next += 1
                all.insert(next)
            }
        }
        return all
    }

    /// Whether there is a URI that both can expand to.
    func overlaps(_ other: URITemplate) -> Bool {
        guard text != other.text else { return true }
        guard zip(beginning, other.beginning).allSatisfy({ $0 == $1 }) else { return false }
        guard max(elements.count, other.elements.count) <= Self.comparisonLimit else { return false }
        let width = other.elements.count + 1
        var isReached = [Bool](repeating: false, count: (elements.count + 1) * width)
        var open = [(0, 0)]
        while let (mine, others) = open.popLast() {
            guard !isReached[mine * width + others] else { continue }
            isReached[mine * width + others] = true
            if mine == elements.count, others == other.elements.count { return true }
            let one = mine < elements.count ? elements[mine] : nil
            let two = others < other.elements.count ? other.elements[others] : nil
            if one?.isRepeating == true { open.append((mine + 1, others)) }
            if two?.isRepeating == true { open.append((mine, others + 1)) }
            guard let one, let two else { continue }
            if one == two, !one.isRepeating { open.append((mine + 1, others + 1)) }
            if case .byte(let byte) = one, two.repeats(byte) { open.append((mine + 1, others)) }
            if case .byte(let byte) = two, one.repeats(byte) { open.append((mine, others + 1)) }
        }
        return false
    }
}
