internal import JSONRPC
internal import NIOCore

/// What the body of an error answer says, short enough to be quoted and without what the gateway sent in confidence.
struct ErrorNote {
    /// How much of a body is looked at.
    static let bodyLimit = 64 << 10
    /// How many bytes of it are quoted.
    private static let quoted = 200
    /// What is shorter than that is no secret, and may be part of any word.
    private static let shortestSecret = 4

    private let secrets: [String]

    /// - Parameter secrets: what is never quoted, even if the server repeats it.
    init(secrets: [String]) {
        // The longest first, or a part of it would leave the rest standing.
        self.secrets = secrets.filter { $0.utf8.count >= Self.shortestSecret }.sorted { $0.utf8.count > $1.utf8.count }
    }

    /// The message of a JSON-RPC error, else the beginning of the text; nil if it is empty or a page for a browser.
    func text(of body: ByteBuffer) -> String? {
        let text = Self.errorMessage(in: body) ?? String(buffer: body)
        return text.drop { $0.isWhitespace }.first == "<" ? nil : quote(text)
    }

    /// The beginning of a text of the server's, on one line; nil if there is nothing in it.
    func quote(_ text: String) -> String? {
        var clean = String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
        clean = hiding(clean)
        let words = clean.split(separator: " ").joined(separator: " ")
        guard !words.isEmpty else { return nil }
        guard words.utf8.count > Self.quoted else { return words }
        return String(decoding: words.utf8.prefix(Self.quoted), as: UTF8.self).trimmingReplacement + "…"
    }

    /// A text without the secrets in it, in whatever case: host names are put into lower case on the way.
    func hiding(_ text: String) -> String {
        guard let hidden = hiding(in: Array(text.utf8)) else { return text }
        return String(decoding: hidden, as: UTF8.self)
    }

    /// Bytes without the secrets in them.
    func hiding(_ bytes: ByteBuffer) -> ByteBuffer {
        hiding(in: Array(bytes.readableBytesView)).map { ByteBuffer(bytes: $0) } ?? bytes
    }

    /// `nil` if there is nothing to hide.
    private func hiding(in bytes: [UInt8]) -> [UInt8]? {
        var bytes = bytes
        var isChanged = false
        for secret in secrets {
            let pattern = secret.utf8.map(\.lowercasedASCII)
            var output: [UInt8] = []
            var index = 0
            while index < bytes.count {
                let end = index + pattern.count
                if end <= bytes.count, bytes[index..<end].elementsEqual(pattern, by: { $0.lowercasedASCII == $1 }) {
                    output += "…".utf8
                    index = end
                    isChanged = true
                } else {
                    output.append(bytes[index])
                    index += 1
                }
            }
            bytes = output
        }
        return isChanged ? bytes : nil
    }

    /// The code of the JSON-RPC error that a body is, if it is one.
    static func errorCode(in body: ByteBuffer) -> Int? {
        member("code", ofErrorIn: body).flatMap { Int(String(buffer: $0)) }
    }

    private static func errorMessage(in body: ByteBuffer) -> String? {
        member("message", ofErrorIn: body).flatMap(JSONOutline.string)
    }

    private static func member(_ key: String, ofErrorIn body: ByteBuffer) -> ByteBuffer? {
        guard let error = JSONOutline.members(of: body)?.first(where: { $0.key == "error" }) else { return nil }
        return JSONOutline.members(of: error.value)?.first { $0.key == key }?.value
    }
}

extension UInt8 {
    fileprivate var lowercasedASCII: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}

extension String {
    /// Without what became of a character that was cut in two.
    fileprivate var trimmingReplacement: String {
        var trimmed = self
        while trimmed.last == "\u{FFFD}" { trimmed.removeLast() }
        return trimmed
    }
}
