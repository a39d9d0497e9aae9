/// What is wrong with a text and what to do, to be put after the name of its key.
struct TextMistake: Error, Equatable {
    var message: String

    init(_ message: String) {
        self.message = message
    }
}

extension Unicode.Scalar {
    /// Whether it can be part of a host name or of a bare address (RFC 3986, `reg-name` without escapes; `%` for zones).
    var canStandInHost: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", ":", "%": true
        default: false
        }
    }

    /// Whether it can stand in the path of a URL as it is (RFC 3986, `pchar` without escapes).
    var canStandInPath: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~": true
        case "!", "$", "&", "'", "(", ")", "*", "+", ",", ";", "=", ":", "@": true
        default: false
        }
    }
}
