/// The status and header fields of an answer (RFC 9110 §6.2).
public struct HTTPResponseHead: Sendable, Equatable {
    /// The status code, 200 to 999: interim answers (1xx) are not told.
    public var status: Int
    /// The fields in their order, names in lower case.
    public var fields: [HTTPField]
    /// Where the answer came from: the request's URL, or where a redirect led. References in it are relative to this.
    /// `nil` in a head that did not come over a connection.
    public var url: HTTPURL?

    /// A head, for those who play a server.
    public init(status: Int, fields: [HTTPField] = []) {
        self.status = status
        self.fields = fields
    }

    /// The value of the first field of this name, which is to be given in lower case.
    public func first(_ name: String) -> String? {
        fields.first { $0.name == name }?.value
    }
}
