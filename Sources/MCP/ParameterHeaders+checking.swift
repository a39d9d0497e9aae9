internal import JSONRPC
public import NIOCore

extension ParameterHeaders {
    /// What is wrong with the `Mcp-Param-…` fields of a call with these arguments, as a clause; `nil` if each says what
    /// the body says (MCP 2026-07-28 "Streamable HTTP", server behavior for custom headers). Fields that no schema asks
    /// for are nobody's business.
    ///
    /// - Parameter fields: the names after the prefix, in small letters, with the values as they came.
    public func mismatch(of fields: [(name: String, value: String)], with arguments: ByteBuffer?) -> String? {
        for parameter in parameters {
            let name = parameter.name.lowercased()
            let values = fields.filter { $0.name == name }.map(\.value)
            guard values.count < 2 else { return "the \(Self.prefix)\(parameter.name) header came more than once" }
            let value = arguments.flatMap { Self.value(at: parameter.path[...], in: $0) }
            let text = value.flatMap(Self.text)
            switch (text, values.first) {
            case (nil, nil):
                continue
            case (nil, _?):
                return "the \(Self.prefix)\(parameter.name) header has no argument"
            case (_?, nil):
                return "the \(Self.prefix)\(parameter.name) header is missing"
            case (let text?, let header?):
                guard let decoded = HeaderValue.decoded(HeaderValue.trimmed(header)) else {
                    return "the \(Self.prefix)\(parameter.name) header is not encoded as it should be"
                }
                let isNumber = value?.readableBytesView.first != UInt8(ascii: "\"")
                guard ExactText(decoded) == ExactText(text) || isNumber && Self.areEqualNumbers(decoded, text) else {
                    return "the \(Self.prefix)\(parameter.name) header and the argument disagree"
                }
            }
        }
        return nil
    }

    /// `42` and `42.0` are the same integer. Of one beyond 2^53 every digit counts, and what is no JSON number is none.
    private static func areEqualNumbers(_ one: String, _ other: String) -> Bool {
        guard isNumber(one), isNumber(other), let one = Double(one), let other = Double(other) else { return false }
        return one == other && one.magnitude < 0x1p53
    }

    /// RFC 8259 §6, but for zeros in front.
    private static func isNumber(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
            }
    }
}
