/// What came of reading the configuration again.
enum ReloadOutcome {
    /// The gateway runs as the file says; or, if it was only asked, it would.
    case accepted(ReloadPlan, remarks: [String])
    /// The file has mistakes, and nothing has changed. Each is `file:line:column: error: what, and what to do`.
    case refused(mistakes: [String])
    /// It was not read, and nothing has changed: why, in words.
    case notRead(reason: String)

    /// The mistakes in the file.
    var mistakes: [String] {
        switch self {
        case .accepted, .notRead: []
        case .refused(let mistakes): mistakes
        }
    }
}
