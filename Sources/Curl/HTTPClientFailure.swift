internal import Glibc

/// Why there is no client.
public struct HTTPClientFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What could not be done, and why.
    public let description: String

    init(_ call: String, errorNumber: Int32) {
        description = "cannot start the HTTP client: \(call): \(String(cString: strerror(errorNumber)))"
    }
}
