/// What a snippet says, before it is written in a client's language. Members keep their order.
indirect enum Document: Equatable, Sendable {
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([Document])
    case object([Member])

    /// A member of an object.
    struct Member: Equatable, Sendable {
        let key: String
        let value: Document
    }

    /// Whether it is a line of its own in every language.
    var isScalar: Bool {
        switch self {
        case .text, .number, .flag: true
        case .list, .object: false
        }
    }
}

extension Document: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    init(stringLiteral text: String) { self = .text(text) }
    init(integerLiteral number: Int) { self = .number(number) }
    init(booleanLiteral flag: Bool) { self = .flag(flag) }
}
