/// One life of a managed server: counts up with every start. Whatever arrives late carries the generation it belongs
/// to, so that it cannot be taken for news of the present one.
public struct Generation: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// 1 for the first start.
    public let number: Int

    /// The generation of this number.
    public init(_ number: Int) {
        self.number = number
    }

    /// The one after this.
    public var next: Generation { Generation(number + 1) }

    /// Just the number.
    public var description: String { String(number) }

    /// Earlier lives come first.
    public static func < (earlier: Generation, later: Generation) -> Bool { earlier.number < later.number }
}
