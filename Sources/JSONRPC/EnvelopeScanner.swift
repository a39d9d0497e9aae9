/// One pass over one message: reads all of it as JSON and notes the members that route it.
///
/// What is wrong with it as a JSON-RPC message is kept until the end of the text, because a text that is not even JSON
/// is reported as that.
struct EnvelopeScanner {
    private var reader: JSONReader
    private(set) var envelope = Envelope()
    /// The first thing that makes the text no JSON-RPC message.
    private var objection: ScanError.StaticReason?
    private var seen: Members = []
    private var idIsAmbiguous = false
    private var isVersion2 = false

    /// The members that route a message, as bits: which of them have been seen.
    private struct Members: OptionSet {
        let rawValue: UInt16
        static let id = Members(rawValue: 1 << 0)
        static let method = Members(rawValue: 1 << 1)
        static let params = Members(rawValue: 1 << 2)
        static let result = Members(rawValue: 1 << 3)
        static let error = Members(rawValue: 1 << 4)
        static let version = Members(rawValue: 1 << 5)
        static let paramsName = Members(rawValue: 1 << 6)
        static let paramsURI = Members(rawValue: 1 << 7)
        static let paramsMeta = Members(rawValue: 1 << 8)
        static let progressToken = Members(rawValue: 1 << 9)
        static let cancelledRequestID = Members(rawValue: 1 << 10)
        static let metaProgressToken = Members(rawValue: 1 << 11)
        static let paramsTask = Members(rawValue: 1 << 12)
    }

    init(_ reader: JSONReader) {
        self.reader = reader
    }

    /// Reads the whole text.
    mutating func scan() throws(ScanError) {
        reader.skipWhitespace()
        let first = reader.next
        guard first == UInt8(ascii: "{") else {
            try reader.skipValue(depth: 0)
            try reader.finish()
            throw first == UInt8(ascii: "[") ? .batch : .notAnObject
        }
        try scanMessage()
        try reader.finish()
        envelope.containsLineBreaks = reader.sawLineBreak
        if let objection = objection ?? finalObjection { throw .notJSONRPC(reason: objection) }
    }

    /// What only the message as a whole can be reproached with.
    private var finalObjection: ScanError.StaticReason? {
        guard isVersion2 else { return .version }
        let isAnswer = seen.contains(.result) != seen.contains(.error)
        let isCall = seen.contains(.method)
        let isEither = isCall ? seen.isDisjoint(with: [.result, .error]) : isAnswer && seen.contains(.id)
        return isEither ? nil : .shape
    }

    /// What was read before `scan` threw. An id that stands there twice, or that the text ends in, is nobody's.
    var salvage: Envelope {
        var salvage = envelope
        salvage.containsLineBreaks = reader.sawLineBreak
        if idIsAmbiguous { salvage.id = nil }
        if let id = salvage.id, id.upperBound == reader.count, reader.bytes[id.lowerBound] != UInt8(ascii: "\"") {
            salvage.id = nil
        }
        return salvage
    }

    // MARK: The three levels

    private mutating func scanMessage() throws(ScanError) {
        var more = try reader.open(depth: 1, closing: UInt8(ascii: "}"))
        while more {
            let key = try reader.key()
            switch member(of: key, named: Self.messageMember) {
            case .id:
                try scanID()
            case .method:
                try scanMethod()
            case .params:
                note(.params)
                let start = reader.offset
                if reader.next == UInt8(ascii: "{") {
                    try scanParams()
                    envelope.params = start..<reader.offset
                } else {
                    object(to: .params)
                    try reader.skipValue(depth: 1)
                }
            case .result:
                note(.result)
                envelope.result = try skippedValue(depth: 1)
            case .error:
                note(.error)
                envelope.error = try skippedValue(depth: 1)
            case .version:
                note(.version)
                let text = try skippedValue(depth: 1)
                isVersion2 = reader.isEqual(text, "\"2.0\"")
            default:
                try reader.skipValue(depth: 1)
            }
            more = try reader.hasAnother(closing: UInt8(ascii: "}"))
        }
    }

    private mutating func scanParams() throws(ScanError) {
        var more = try reader.open(depth: 2, closing: UInt8(ascii: "}"))
        while more {
            let key = try reader.key()
            switch member(of: key, named: Self.paramsMember) {
            case .paramsName:
                note(.paramsName)
                envelope.paramsName = try skippedScalar(depth: 2, numbersToo: false)
            case .paramsURI:
                note(.paramsURI)
                envelope.paramsURI = try skippedScalar(depth: 2, numbersToo: false)
            case .progressToken:
                note(.progressToken)
                envelope.progressToken = try skippedScalar(depth: 2, numbersToo: true)
            case .cancelledRequestID:
                note(.cancelledRequestID)
                envelope.cancelledRequestID = try skippedScalar(depth: 2, numbersToo: true)
            case .paramsTask:
                envelope.paramsHaveTask = true
                try reader.skipValue(depth: 2)
            case .paramsMeta:
                note(.paramsMeta)
                if reader.next == UInt8(ascii: "{") {
                    let start = reader.offset
                    try scanMeta()
                    envelope.paramsMeta = start..<reader.offset
                } else {
                    try reader.skipValue(depth: 2)
                }
            default:
                try reader.skipValue(depth: 2)
            }
            more = try reader.hasAnother(closing: UInt8(ascii: "}"))
        }
    }

    private mutating func scanMeta() throws(ScanError) {
        var more = try reader.open(depth: 3, closing: UInt8(ascii: "}"))
        while more {
            let key = try reader.key()
            if member(of: key, named: Self.metaMember) == .metaProgressToken {
                note(.metaProgressToken)
                envelope.metaProgressToken = try skippedScalar(depth: 3, numbersToo: true)
            } else {
                try reader.skipValue(depth: 3)
            }
            more = try reader.hasAnother(closing: UInt8(ascii: "}"))
        }
    }

    // MARK: Names

    /// Finds which routing member a key is. A key that is spelled with escapes is the same key (RFC 8259 §8.3), but
    /// nobody writes it so: only then is it decoded.
    @inline(__always)
    private func member(
        of key: (inner: Range<Int>, isEscaped: Bool), named lookup: (JSONReader, Range<Int>) -> Members?
    ) -> Members? {
        guard key.isEscaped else { return lookup(reader, key.inner) }
        return unescapedMember(of: key.inner, named: lookup)
    }

    @inline(never)
    private func unescapedMember(of inner: Range<Int>, named lookup: (JSONReader, Range<Int>) -> Members?) -> Members? {
        // The longest name has 13 characters, the longest spelling of each has 6.
        guard inner.count <= 13 * 6 else { return nil }
        let spelling = UnsafeRawBufferPointer(start: reader.bytes + inner.lowerBound, count: inner.count)
        return JSONString.unescape(spelling).withUnsafeBytes { name in
            JSONReader(name, maximumDepth: 0).flatMap { lookup($0, 0..<name.count) }
        }
    }

    @inline(__always)
    private static func messageMember(_ text: JSONReader, _ name: Range<Int>) -> Members? {
        switch name.count {
        case 2: text.isEqual(name, "id") ? .id : nil
        case 5: text.isEqual(name, "error") ? .error : nil
        case 6:
            if text.isEqual(name, "method") {
                .method
            } else if text.isEqual(name, "params") {
                .params
            } else {
                text.isEqual(name, "result") ? .result : nil
            }
        case 7: text.isEqual(name, "jsonrpc") ? .version : nil
        default: nil
        }
    }

    @inline(__always)
    private static func paramsMember(_ text: JSONReader, _ name: Range<Int>) -> Members? {
        switch name.count {
        case 3: text.isEqual(name, "uri") ? .paramsURI : nil
        case 4:
            if text.isEqual(name, "name") {
                .paramsName
            } else {
                text.isEqual(name, "task") ? .paramsTask : nil
            }
        case 5: text.isEqual(name, "_meta") ? .paramsMeta : nil
        case 9: text.isEqual(name, "requestId") ? .cancelledRequestID : nil
        case 13: text.isEqual(name, "progressToken") ? .progressToken : nil
        default: nil
        }
    }

    @inline(__always)
    private static func metaMember(_ text: JSONReader, _ name: Range<Int>) -> Members? {
        text.isEqual(name, "progressToken") ? .metaProgressToken : nil
    }

    // MARK: Values

    private mutating func scanID() throws(ScanError) {
        if seen.contains(.id) { idIsAmbiguous = true }
        note(.id)
        let start = reader.offset
        switch reader.next {
        case UInt8(ascii: "\""):
            _ = try reader.skipString()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            guard try reader.skipNumber() else { return object(to: .id) }
        default:
            object(to: .id)
            return try reader.skipValue(depth: 1)
        }
        envelope.id = start..<reader.offset
    }

    private mutating func scanMethod() throws(ScanError) {
        note(.method)
        guard reader.next == UInt8(ascii: "\"") else {
            object(to: .method)
            return try reader.skipValue(depth: 1)
        }
        let start = reader.offset
        envelope.methodIsEscaped = try reader.skipString()
        envelope.method = start + 1..<reader.offset - 1
    }

    @inline(__always)
    private mutating func skippedValue(depth: Int) throws(ScanError) -> Range<Int> {
        let start = reader.offset
        try reader.skipValue(depth: depth)
        return start..<reader.offset
    }

    /// Skips a value and returns its range if it is a string, or a number where those count too.
    @inline(__always)
    private mutating func skippedScalar(depth: Int, numbersToo: Bool) throws(ScanError) -> Range<Int>? {
        let isWanted =
            switch reader.next {
            case UInt8(ascii: "\""): true
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): numbersToo
            default: false
            }
        let range = try skippedValue(depth: depth)
        return isWanted ? range : nil
    }

    // MARK: Objections

    private mutating func note(_ member: Members) {
        if !seen.insert(member).inserted { object(to: .duplicate) }
    }

    private mutating func object(to reason: ScanError.StaticReason) {
        if objection == nil { objection = reason }
    }
}
