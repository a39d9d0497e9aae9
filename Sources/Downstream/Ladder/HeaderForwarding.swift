internal import NIOHTTP1
internal import Supervision

/// Finds the headers of a request that go along with its calls to a server over HTTP.
enum HeaderForwarding {
    /// How many headers may go along, each value of a repeated one counted.
    static let countLimit = 32
    /// How many bytes their names and values may have together.
    static let byteLimit = 16 << 10

    /// The headers of these names, in the order of the names and then of the request, spelled like the names; `nil` if
    /// there are too many. To leave some out would be worse: the server could take the request for somebody else's.
    static func collect(_ names: [String], from headers: HTTPHeaders) -> [ForwardedHeader]? {
        var found: [ForwardedHeader] = []
        var size = 0
        for name in names {
            for value in headers[name] {
                let header = ForwardedHeader(name: name, value: value)
                size += header.size
                guard found.count < countLimit, size <= byteLimit else { return nil }
                found.append(header)
            }
        }
        return found
    }
}
