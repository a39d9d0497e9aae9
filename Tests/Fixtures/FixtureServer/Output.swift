import Foundation

/// The one writer of stdout: whole lines, one after the other, dressed up as the options ask.
actor Output {
    private let banner: Bool
    private let halfLines: Bool
    private let recording: Recording?

    init(options: Options, recording: Recording?) {
        banner = options.banner
        halfLines = options.halfLines
        self.recording = recording
    }

    /// Noise as real servers make it: a greeting, a blank line, something that looks like JSON, a log record.
    func writeBanner() {
        guard banner else { return }
        emit("Fixture server listening on stdio 🚀")
        emit("")
        emit("{not json at all")
        emit("42")
        emit(#"{"level":"info","msg":"a log record that is JSON but no JSON-RPC"}"#)
    }

    func message(_ json: String) {
        if banner { emit("[info] about to send \(json.utf8.count) bytes") }
        emit(json)
    }

    /// Any text as one line.
    func raw(_ line: String) {
        emit(line)
    }

    private func emit(_ line: String) {
        recording?.said(line)
        let bytes = Array(line.utf8) + [0x0A]
        guard halfLines else {
            FileDescriptor.writeAll(bytes, to: STDOUT_FILENO)
            return
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...7))
            FileDescriptor.writeAll(Array(piece), to: STDOUT_FILENO)
            rest = rest.dropFirst(piece.count)
        }
    }
}
