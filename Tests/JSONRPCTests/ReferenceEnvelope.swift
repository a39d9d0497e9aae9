import JSONRPC

/// What the scanner should make of a text, worked out from a `StrictParser` tree.
enum ReferenceEnvelope {
    /// The verdicts that count as the same. Where several things are wrong the scanner may name any of them.
    enum Verdict {
        case accepted(Envelope)
        case notJSON
        case tooDeep
        case notAnObject
        case batch
        case notJSONRPC(Set<ScanError.StaticReason>)
    }

    static func judge(_ bytes: [UInt8], maximumDepth: Int = 128) -> Verdict {
        guard let (root, depth) = try? StrictParser.parse(bytes) else { return .notJSON }
        guard depth <= maximumDepth else { return .tooDeep }
        switch root.value {
        case .object(let members): return judge(members, bytes)
        case .array: return .batch
        case .string, .number, .literal: return .notAnObject
        }
    }

    private typealias Members = [(key: [UInt16], value: StrictParser.Node)]

    private static func all(_ name: String, in members: Members) -> [StrictParser.Node] {
        members.filter { $0.key == Array(name.utf16) }.map(\.value)
    }

    private static func judge(_ members: Members, _ bytes: [UInt8]) -> Verdict {
        var envelope = Envelope()
        var reasons: Set<ScanError.StaticReason> = []
        func one(_ name: String, in members: Members) -> StrictParser.Node? {
            let nodes = all(name, in: members)
            if nodes.count > 1 { reasons.insert(.duplicate) }
            return nodes.first
        }
        func scalar(_ node: StrictParser.Node?, numbersToo: Bool) -> Range<Int>? {
            switch node?.value {
            case .string: node?.range
            case .number: numbersToo ? node?.range : nil
            case .object, .array, .literal, nil: nil
            }
        }
        for node in all("id", in: members) where !isID(node) { reasons.insert(.id) }
        for node in all("method", in: members) where !isString(node) { reasons.insert(.method) }
        for node in all("params", in: members) where !isObject(node) { reasons.insert(.params) }
        envelope.id = one("id", in: members)?.range
        if let method = one("method", in: members), isString(method) {
            envelope.method = method.range.lowerBound + 1..<method.range.upperBound - 1
            envelope.methodIsEscaped = bytes[method.range].contains(UInt8(ascii: "\\"))
        }
        envelope.result = one("result", in: members)?.range
        envelope.error = one("error", in: members)?.range
        for params in all("params", in: members) {
            guard case .object(let members) = params.value else { continue }
            envelope.params = params.range
            envelope.paramsName = scalar(one("name", in: members), numbersToo: false)
            envelope.paramsURI = scalar(one("uri", in: members), numbersToo: false)
            envelope.progressToken = scalar(one("progressToken", in: members), numbersToo: true)
            envelope.cancelledRequestID = scalar(one("requestId", in: members), numbersToo: true)
            if all("_meta", in: members).count > 1 { reasons.insert(.duplicate) }
            for meta in all("_meta", in: members) {
                guard case .object(let members) = meta.value else { continue }
                envelope.paramsMeta = meta.range
                envelope.metaProgressToken = scalar(one("progressToken", in: members), numbersToo: true)
            }
        }
        if all("params", in: members).count > 1 { reasons.insert(.duplicate) }
        let version = one("jsonrpc", in: members).map { String(decoding: bytes[$0.range], as: Unicode.UTF8.self) }
        if reasons.isEmpty, version != "\"2.0\"" { reasons = [.version] }
        if reasons.isEmpty, !hasShape(envelope) { reasons = [.shape] }
        guard reasons.isEmpty else { return .notJSONRPC(reasons) }
        // In valid JSON no string holds a raw one.
        envelope.containsLineBreaks = bytes.contains(UInt8(ascii: "\n")) || bytes.contains(UInt8(ascii: "\r"))
        return .accepted(envelope)
    }

    private static func hasShape(_ envelope: Envelope) -> Bool {
        switch (envelope.method != nil, envelope.id != nil, envelope.result != nil, envelope.error != nil) {
        case (true, _, false, false), (false, true, true, false), (false, true, false, true): true
        case (true, _, _, _), (false, _, _, _): false
        }
    }

    private static func isID(_ node: StrictParser.Node) -> Bool {
        switch node.value {
        case .string: true
        case .number(let isInteger): isInteger
        case .object, .array, .literal: false
        }
    }

    private static func isString(_ node: StrictParser.Node) -> Bool {
        if case .string = node.value { true } else { false }
    }

    private static func isObject(_ node: StrictParser.Node) -> Bool {
        if case .object = node.value { true } else { false }
    }
}
