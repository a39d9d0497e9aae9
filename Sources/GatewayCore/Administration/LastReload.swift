internal import JSONRPC
public import NIOCore

/// What came of the last time that the configuration was read again.
public struct LastReload: Sendable, Equatable {
    /// Whether the gateway runs as the file said.
    public let accepted: Bool
    /// When, as in RFC 3339.
    public let at: String
    /// How many mistakes were in the file.
    public let mistakes: Int
    /// The first of them, in words.
    public let firstMistake: String?

    /// Describes one with these mistakes, or one that was accepted if there are none.
    public init(at: String, mistakes: [String]) {
        accepted = mistakes.isEmpty
        self.at = at
        self.mistakes = mistakes.count
        firstMistake = mistakes.first
    }

    /// The same as the admin API tells it.
    public var json: ByteBuffer {
        JSONText.object([
            ("accepted", .json(accepted)), ("at", JSONText.quotedBuffer(at)), ("mistakes", .json(mistakes)),
            ("firstMistake", .json(firstMistake)),
        ])
    }

    /// That the file is not what the gateway runs with, in one line; `nil` if it is.
    public var refusal: String? {
        firstMistake.map { "configuration refused at \(at): \($0)" }
    }
}
