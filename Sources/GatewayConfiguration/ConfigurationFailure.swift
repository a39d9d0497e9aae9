/// The configuration cannot be used at all: the file is unreadable, its syntax is broken, its `mcpProxy` part is
/// wrong, or a server with `panicIfInvalid` is.
public struct ConfigurationFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// All that was found, in the order of the file, at least one error among it. Warnings are included.
    public var diagnostics: [Diagnostic]

    /// Describes a failure by what was found.
    public init(diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics
    }

    /// One diagnostic a line.
    public var description: String {
        diagnostics.report
    }
}
