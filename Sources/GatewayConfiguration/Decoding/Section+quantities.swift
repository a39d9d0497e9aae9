extension Section {
    /// The longest duration that is taken. Deadlines are sums of instants and durations, which must not overflow.
    static let longest = Duration.seconds(365 * 24 * 3600)

    /// A duration of at least a millisecond: a text such as `"1m30s"`, or, as TBXark's proxy has it, a number of
    /// nanoseconds.
    func duration(_ key: String) -> Duration? {
        guard let node = node(key) else { return nil }
        let name = "\(path).\(key)"
        let value: Duration
        switch node.value {
        case .number(let spelling):
            guard let number = nanoseconds(spelling, at: node.position, name: name) else { return nil }
            value = number
        case .string(let written):
            guard let text = string(key), let parsed = parse(text, written: written, at: node.position, name: name)
            else { return nil }
            value = parsed
        case .null, .bool, .array, .object:
            findings.error(node.position, "\(name) must be a duration such as \"30s\", not \(node.kindName)")
            return nil
        }
        guard value <= Self.longest else {
            findings.error(node.position, "\(name) is longer than a year; shorten it")
            return nil
        }
        return value
    }

    /// A duration; Go cannot tell the number 0 from no duration at all, so TBXark's proxy takes it for none.
    func durationUnlessZero(_ key: String) -> Duration? {
        node(key)?.value == .number("0") ? nil : duration(key)
    }

    private func nanoseconds(_ spelling: String, at position: Position, name: String) -> Duration? {
        guard let count = Int64(spelling), count > 0 else {
            findings.error(position, "\(name) must be a duration such as \"30s\", not the number \(spelling.quoted)")
            return nil
        }
        // Nobody means nanoseconds by a small number: up to 999 it is seconds, above that the milliseconds of other
        // programs.
        guard count >= 1_000_000 else {
            let seconds = count < 1000 ? count : count % 1000 == 0 ? count / 1000 : nil
            let guess = seconds.map { "\($0)s" } ?? "\(count)ms"
            findings.error(
                position, "\(name) is a bare number, which means nanoseconds, below 1 ms; did you mean \"\(guess)\"?")
            return nil
        }
        let units: [(Int64, String)] = [(1_000_000_000, "s"), (1_000_000, "ms"), (1, "ns")]
        let guess = units.first { count % $0.0 == 0 }.map { "\(count / $0.0)\($0.1)" } ?? "30s"
        findings.warn(position, "\(name) is a bare number, which means nanoseconds; write \"\(guess)\"")
        return .nanoseconds(count)
    }

    private func parse(_ text: String, written: String, at position: Position, name: String) -> Duration? {
        do {
            let value = try DurationText.parse(text)
            guard value >= .milliseconds(1) else {
                findings.error(position, "\(name) is \(written.quoted), below 1 ms; write a duration such as \"30s\"")
                return nil
            }
            return value
        } catch {
            switch error {
            case .missingUnit:
                let isNumber = text.unicodeScalars.allSatisfy { ("0"..."9").contains($0) }
                let example = isNumber ? written + "s" : "30s"
                findings.error(
                    position, "\(name) is \(written.quoted), a number without a unit; did you mean \(example.quoted)?")
            case .tooLong:
                findings.error(position, "\(name) is longer than a year; shorten it")
            case .malformed:
                findings.error(
                    position,
                    "\(name) is \(written.quoted), which is no duration; write it like \"500ms\", \"30s\" or \"1m30s\"")
            }
            return nil
        }
    }

    /// A whole number.
    func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = node(key) else { return nil }
        guard case .number(let spelling) = node.value, let value = Int(spelling) else {
            let found = if case .number(let spelling) = node.value { spelling.quoted } else { node.kindName }
            findings.error(node.position, "\(path).\(key) must be a whole number, not \(found)")
            return nil
        }
        guard range.contains(value) else {
            findings.error(
                node.position, "\(path).\(key) must be from \(range.lowerBound) to \(range.upperBound), not \(value)")
            return nil
        }
        return value
    }

    /// A number of bytes: a whole number, or a text such as `"16MiB"`.
    func size(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard case .string(let written) = node(key)?.value else { return integer(key, in: range) }
        let position = node(key)?.position ?? position
        guard let text = string(key) else { return nil }
        guard let value = SizeText.parse(text) else {
            findings.error(
                position,
                "\(path).\(key) is \(written.quoted), which is no size; write it like \"16MiB\", or as a number of bytes"
            )
            return nil
        }
        guard range.contains(value) else {
            findings.error(
                position,
                "\(path).\(key) must be from \(range.lowerBound) to \(range.upperBound) bytes, not \(written.quoted)")
            return nil
        }
        return value
    }

    /// One word of a closed list. Case does not count, as in TBXark's proxy.
    func word<Word: RawRepresentable & CaseIterable>(_ key: String, as: Word.Type) -> Word?
    where Word.RawValue == String {
        guard let node = node(key), let text = string(key), case .string(let written) = node.value else { return nil }
        if let value = Word.allCases.first(where: { $0.rawValue == text.lowercased() }) { return value }
        let words = Word.allCases.map(\.rawValue)
        let near = NearestWord.to(text, among: words).map { "; did you mean \"\($0)\"?" }
        let all = "; write " + words.map { "\"\($0)\"" }.joined(separator: " or ")
        findings.error(node.position, "\(path).\(key) is \(written.quoted), which is not known\(near ?? all)")
        return nil
    }
}
