/// How a server proves who it is, and how the client does. Has no effect on http URLs.
public struct TLSSettings: Sendable, Hashable {
    /// A PEM file with the authorities to trust instead of those of the system.
    public var caFile: String?
    /// A PEM file with the client's certificate, and the chain up to its authority.
    public var certificateFile: String?
    /// A PEM file with the key of that certificate, not encrypted; `nil` if the key is in the same file.
    public var keyFile: String?
    /// Whether any certificate of a server will do. Then anybody on the way can read and change everything.
    public var isInsecure: Bool

    /// Trusts what the system trusts, unless told otherwise.
    public init(
        caFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil, isInsecure: Bool = false
    ) {
        self.caFile = caFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.isInsecure = isInsecure
    }
}
