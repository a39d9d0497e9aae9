import JSONRPC
import NIOCore

/// What a client has got over one connection, read more strictly than clients do (RFC 9112).
struct AnswerTranscript {
    /// The status codes of the answers that are complete, without interim ones (1xx).
    private(set) var statuses: [Int] = []
    /// What is wrong with the bytes; nothing is read after it.
    private(set) var violation: String?
    /// Whether the gateway has said that no further answer comes.
    private(set) var announcesEnd = false

    /// Whether an answer has begun that is an event stream, which may never end.
    var isStreaming: Bool { state != .head && events != nil }

    /// Whether an answer has begun and not ended.
    var isCut: Bool { state != .head || !pending.isEmpty }

    private enum State: Equatable {
        case head
        case body(Int)
        case chunkSize
        case chunk(Int)
        case bodyUntilEnd
    }

    private let methods: [String]
    private var state = State.head
    private var status = 0
    private var pending: [UInt8] = []
    private var isJSON = false
    private var body: [UInt8] = []
    private var events: SSEDecoder?

    /// - Parameter methods: those of the requests, so far as they are known.
    init(methods: [String] = []) {
        self.methods = methods
    }

    /// Reads the next bytes.
    mutating func append(_ bytes: ByteBuffer) {
        pending += bytes.readableBytesView
        do throws(Violation) {
            while violation == nil, try step() {}
        } catch {
            violation = error.what
        }
    }

    private struct Violation: Error {
        let what: String
        init(_ what: String) { self.what = what }
    }

    /// Reads one thing, if all of it is there.
    private mutating func step() throws(Violation) -> Bool {
        switch state {
        case .head:
            guard let end = pending.firstRange(of: Array("\r\n\r\n".utf8)) else {
                // Whatever comes is the beginning of a head.
                let start = Array("HTTP/1.".utf8)
                guard pending.starts(with: start.prefix(pending.count)) else {
                    throw Violation("no status line: \(text)")
                }
                return false
            }
            let head = String(decoding: pending[..<end.lowerBound], as: UTF8.self)
            pending.removeSubrange(..<end.upperBound)
            try readHead(head)
        case .body(let length):
            guard pending.count >= length else { return false }
            try take(length)
            try finish()
        case .chunkSize:
            guard let end = pending.firstRange(of: Array("\r\n".utf8)) else { return false }
            let size = String(decoding: pending[..<end.lowerBound], as: UTF8.self)
            guard let length = Int(size, radix: 16), length >= 0 else { throw Violation("no chunk size: \(size)") }
            guard length > 0 else {
                // No trailers: the gateway sends none.
                guard pending.count >= end.upperBound + 2 else { return false }
                pending.removeSubrange(..<end.upperBound)
                try takeLineEnd()
                try finish()
                return true
            }
            pending.removeSubrange(..<end.upperBound)
            state = .chunk(length)
        case .chunk(let length):
            guard pending.count >= length + 2 else { return false }
            try take(length)
            try takeLineEnd()
            state = .chunkSize
        case .bodyUntilEnd:
            try take(pending.count)
            return false
        }
        return true
    }

    private mutating func readHead(_ head: String) throws(Violation) {
        guard !announcesEnd else { throw Violation("an answer after the last: \(head)") }
        var lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
        let statusLine = lines.removeFirst()
        guard let match = statusLine.wholeMatch(of: /HTTP\/1\.[01] ([1245][0-9][0-9]) [ -~]+/),
            let code = Int(match.1), code != 500
        else { throw Violation("status line: \(statusLine)") }
        var fields: [String: String] = [:]
        for line in lines {
            guard let field = line.wholeMatch(of: /([!#$%&'*+\-.^_`|~0-9A-Za-z]+): ?([\t -~]*)/) else {
                throw Violation("field: \(line)")
            }
            let name = field.1.lowercased()
            guard fields.updateValue(String(field.2), forKey: name) == nil else { throw Violation("twice: \(line)") }
        }
        guard code >= 200 else {
            guard fields["content-length"] == nil, fields["transfer-encoding"] == nil else {
                throw Violation("an interim answer with a body: \(head)")
            }
            return
        }
        status = code
        announcesEnd = fields["connection"] == "close"
        isJSON = fields["content-type"] == "application/json"
        events = fields["content-type"] == "text/event-stream" ? SSEDecoder(maximumLength: 1 << 20) : nil
        try readFraming(fields, hasBody: code != 204 && methods.dropFirst(statuses.count).first != "HEAD")
    }

    private mutating func readFraming(_ fields: [String: String], hasBody: Bool) throws(Violation) {
        switch (fields["content-length"], fields["transfer-encoding"]) {
        case (let length?, nil):
            guard let length = Int(length), length >= 0 else { throw Violation("content-length: \(length)") }
            state = .body(hasBody ? length : 0)
            if !hasBody { isJSON = false }
        case (nil, "chunked"): state = .chunkSize
        case (nil, nil):
            guard announcesEnd || !hasBody else { throw Violation("a body without an end: \(fields)") }
            state = hasBody ? .bodyUntilEnd : .body(0)
        case (_, _): throw Violation("framing: \(fields)")
        }
    }

    private mutating func take(_ length: Int) throws(Violation) {
        let bytes = Array(pending.prefix(length))
        pending.removeFirst(length)
        if isJSON { body += bytes }
        events?.append(ByteBuffer(bytes: bytes))
        while let event = events?.next() {
            switch event {
            case .event(let event) where event.name == "message":
                guard event.isPriming || (try? Message(event.data)) != nil else { throw Violation("event: \(event)") }
            case .event(let event) where event.name == "endpoint": break
            case .event, .oversized: throw Violation("event: \(event)")
            }
        }
    }

    private mutating func takeLineEnd() throws(Violation) {
        guard pending.starts(with: Array("\r\n".utf8)) else { throw Violation("no end of a chunk: \(text)") }
        pending.removeFirst(2)
    }

    private mutating func finish() throws(Violation) {
        let json = ByteBuffer(bytes: body)
        guard !isJSON || JSONOutline.members(of: json) != nil || JSONOutline.elements(of: json) != nil else {
            throw Violation("a body that is no JSON: \(String(buffer: json))")
        }
        body.removeAll()
        events = nil
        state = .head
        statuses.append(status)
    }

    private var text: String { String(decoding: pending.prefix(200), as: UTF8.self) }
}
