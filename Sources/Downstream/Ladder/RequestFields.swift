internal import Glibc
internal import NIOHTTP1

/// The header fields that matter here, found in one pass over the head.
struct RequestFields: Sendable {
    /// A field that must not come twice.
    enum Field: Sendable, Equatable {
        case absent
        case value(String)
        /// It came more than once, so that two readers could disagree on it.
        case repeated

        /// Whether it came, however often.
        var isPresent: Bool {
            if case .absent = self { false } else { true }
        }

        /// The value, if it came exactly once.
        var single: String? {
            guard case .value(let value) = self else { return nil }
            return value
        }

        fileprivate mutating func add(_ value: String) {
            self = isPresent ? .repeated : .value(value)
        }
    }

    var host = Field.absent
    var origin = Field.absent
    var authorization = Field.absent
    var contentType = Field.absent
    var contentLength = Field.absent
    var sessionID = Field.absent
    var protocolVersion = Field.absent
    /// What `protocolVersion` is evidence of; `nil` without it.
    private(set) var era: Era.Verdict?
    /// `Mcp-Method`.
    var rpcMethod = Field.absent
    /// `Mcp-Name`.
    var rpcName = Field.absent
    /// The `Mcp-Param-…` fields: what comes after that, in small letters, and the value.
    var parameters: [(name: String, value: String)] = []
    var lastEventID = Field.absent
    /// All `Accept` fields as one list; nil if there is none.
    var accept: String?
    var expectsContinue = false
    var asksForUpgrade = false
    /// `Access-Control-Request-Method`, which makes an `OPTIONS` a preflight.
    var requestedMethod: String?
    /// `Access-Control-Request-Headers`.
    var requestedHeaders: String?
    /// Whether a proxy passed the request on for somebody else.
    var isForwarded = false
    /// `Access-Control-Request-Private-Network`.
    var requestsPrivateNetwork = false

    init(_ headers: HTTPHeaders) {
        for (name, value) in headers {
            note(name, value)
            // Almost no field begins like that, so that no other is looked at more closely.
            guard name.utf8.count > 10, name.utf8.first.map({ $0 | 0x20 }) == UInt8(ascii: "m") else { continue }
            noteParameter(name, value)
        }
        switch protocolVersion {
        case .absent: era = nil
        case .value(let version): era = Era.verdict(on: version)
        case .repeated: era = .unknown
        }
    }

    private mutating func noteParameter(_ name: String, _ value: String) {
        guard Self.isSame(String(name.utf8.prefix(10)) ?? "", "mcp-param-") else { return }
        parameters.append((String(name.utf8.dropFirst(10))?.lowercased() ?? "", value))
    }

    private mutating func note(_ name: String, _ value: String) {
        // The length sorts out nearly all fields before any letter is compared.
        switch name.utf8.count {
        case 4:
            if Self.isSame(name, "host") { host.add(value) }
        case 6:
            if Self.isSame(name, "origin") {
                origin.add(value)
            } else if Self.isSame(name, "accept") {
                accept = accept.map { "\($0), \(value)" } ?? value
            } else if Self.isSame(name, "expect") {
                expectsContinue = Self.isSame(value, "100-continue")
            }
        case 7:
            if Self.isSame(name, "upgrade") { asksForUpgrade = true }
        case 8:
            if Self.isSame(name, "mcp-name") { rpcName.add(value) }
        case 9:
            if Self.isSame(name, "forwarded") || Self.isSame(name, "x-real-ip") { isForwarded = true }
        case 10:
            if Self.isSame(name, "mcp-method") { rpcMethod.add(value) }
        case 12:
            if Self.isSame(name, "content-type") { contentType.add(value) }
        case 13:
            if Self.isSame(name, "authorization") {
                authorization.add(value)
            } else if Self.isSame(name, "last-event-id") {
                lastEventID.add(value)
            }
        case 14:
            if Self.isSame(name, "mcp-session-id") {
                sessionID.add(value)
            } else if Self.isSame(name, "content-length") {
                contentLength.add(value)
            }
        case 15:
            if Self.isSame(name, "x-forwarded-for") { isForwarded = true }
        case 20:
            if Self.isSame(name, "mcp-protocol-version") { protocolVersion.add(value) }
        case 29:
            if Self.isSame(name, "access-control-request-method") { requestedMethod = value }
        case 30:
            if Self.isSame(name, "access-control-request-headers") { requestedHeaders = value }
        case 38:
            if Self.isSame(name, "access-control-request-private-network") { requestsPrivateNetwork = value == "true" }
        default:
            break
        }
    }

    /// Compared by the C library, which looks at many bytes at once; the program stays in the C locale.
    private static func isSame(_ text: String, _ lowercased: StaticString) -> Bool {
        guard text.utf8.count == lowercased.utf8CodeUnitCount else { return false }
        let expected = UnsafeRawPointer(lowercased.utf8Start).assumingMemoryBound(to: CChar.self)
        return text.withCString { strncasecmp($0, expected, lowercased.utf8CodeUnitCount) == 0 }
    }
}
