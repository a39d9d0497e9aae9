internal import ArgumentParser

/// Exit statuses with a meaning of their own (sysexits.h); a unit's `RestartPreventExitStatus=` relies on them.
extension ExitCode {
    /// The configuration is wrong: another start cannot help.
    static let configuration = ExitCode(78)
    /// The command line is wrong (EX_USAGE).
    static let usage = ExitCode(64)
    /// Something that was asked for is not there (EX_UNAVAILABLE).
    static let unavailable = ExitCode(69)
    /// It did not work now and may later (EX_TEMPFAIL).
    static let temporaryFailure = ExitCode(75)
    /// Whoever asked may not (EX_NOPERM).
    static let noPermission = ExitCode(77)
    /// What was asked about does not run (LSB, "Init Script Actions").
    static let notRunning = ExitCode(3)
    /// What was asked about runs, but not as it should.
    static let degraded = ExitCode(1)
    /// The configuration is valid, but `--strict` was given and there are warnings.
    static let warnings = ExitCode(3)
}
