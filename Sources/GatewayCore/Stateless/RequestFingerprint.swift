internal import JSONRPC
internal import NIOCore

/// Tells whether a request is the same as an earlier one, made again: same method, same tool, prompt or resource, same
/// arguments, whatever their names' order and the white space between them.
struct RequestFingerprint: Hashable {
    private let method: ExactText
    private let target: ExactText?
    private let arguments: Int

    init(_ request: Message) {
        method = ExactText(request.methodName ?? "")
        target = (request.paramsName ?? request.paramsURI).map(ExactText.init)
        let members = request.params.flatMap { JSONOutline.members(of: $0) } ?? []
        var hasher = Hasher()
        if let arguments = members.last(where: { $0.key == "arguments" })?.value {
            Self.hash(arguments, into: &hasher, depth: 0)
        }
        arguments = hasher.finalize()
    }

    /// So that no value of one kind counts as one of another.
    private enum Kind { case object, array, string, other }

    /// Hashing is seeded for each process, so that nobody can look for arguments with the hash of others.
    private static func hash(_ json: ByteBuffer, into hasher: inout Hasher, depth: Int) {
        if let members = JSONOutline.members(of: json), depth < 32 {
            hasher.combine(Kind.object)
            hasher.combine(members.count)
            for member in members.sorted(by: { ExactText($0.key) < ExactText($1.key) }) {
                hasher.combine(ExactText(member.key))
                hash(member.value, into: &hasher, depth: depth + 1)
            }
        } else if let elements = JSONOutline.elements(of: json), depth < 32 {
            hasher.combine(Kind.array)
            hasher.combine(elements.count)
            for element in elements { hash(element, into: &hasher, depth: depth + 1) }
        } else if let string = JSONOutline.string(json) {
            hasher.combine(Kind.string)
            hasher.combine(ExactText(string))
        } else {
            hasher.combine(Kind.other)
            hasher.combine(json)
        }
    }
}
