/// How well a server serves, for whoever is called when it does not. Nothing in it is what a server wrote to stderr, and
/// nothing is secret.
public struct HealthReport: Sendable, Equatable {
    /// How well, in one word.
    public enum Level: String, Sendable, CaseIterable {
        /// It can be called.
        case healthy
        /// It can be called, or soon will be, but something is not as it should be.
        case degraded
        /// It cannot be called.
        case unhealthy
        /// It is not meant to run.
        case off
    }

    /// How well, in one word.
    public var level: Level
    /// The same in a few words: `silent for 40 s with 3 calls waiting`.
    public var summary: String
    /// One sentence with the facts, if there is more to tell.
    public var detail: String?
    /// What a person can do about it; `nil` if there is nothing to do.
    public var suggestedAction: String?

    /// Describes how well a server serves.
    public init(level: Level, summary: String, detail: String? = nil, suggestedAction: String? = nil) {
        self.level = level
        self.summary = summary
        self.detail = detail
        self.suggestedAction = suggestedAction
    }
}
