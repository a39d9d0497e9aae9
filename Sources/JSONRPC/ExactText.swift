/// A text that is the same as another only if its bytes are: `é` of one code point is not `é` of two, as it is for
/// servers and clients. A `String` is the same as any that is canonically equivalent (Unicode, UAX #15).
public struct ExactText: Hashable, Comparable, Sendable {
    /// The text.
    public let text: String

    /// Takes a text for its bytes.
    public init(_ text: String) {
        self.text = text
    }

    /// Whether both have the same bytes.
    public static func == (one: ExactText, other: ExactText) -> Bool {
        guard one.text.utf8.count == other.text.utf8.count else { return false }
        let areEqual = one.text.utf8.withContiguousStorageIfAvailable { one in
            other.text.utf8.withContiguousStorageIfAvailable { one.elementsEqual($0) }
        }
        return (areEqual ?? nil) ?? one.text.utf8.elementsEqual(other.text.utf8)
    }

    /// By their bytes.
    public static func < (one: ExactText, other: ExactText) -> Bool {
        one.text.utf8.lexicographicallyPrecedes(other.text.utf8)
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        // No UTF-8 text holds this byte.
        hasher.combine(0xFF as UInt8)
    }
}
