internal import ArgumentParser

/// Exit statuses with a meaning of their own (sysexits.h); a unit's `RestartPreventExitStatus=` relies on them.
extension ExitCode {
    /// The configuration is wrong: another start cannot help.
    static let configuration = ExitCode(78)
    /// Something that was asked for is not there (EX_UNAVAILABLE).
    static let unavailable = ExitCode(69)
    /// The configuration is valid, but `--strict` was given and there are warnings.
    static let warnings = ExitCode(3)
}
