import Foundation

/// Writes down what is heard and said, where the tests want to know: in the directory of `MCP_TEST_RECORDINGS`, one file
/// for each process, one JSON object a line, `{"stdin": LINE}` or `{"stdout": LINE}`.
struct Recording {
    private let file: Int32

    /// Nothing where nobody wants to know.
    init?() {
        guard let directory = ProcessInfo.processInfo.environment["MCP_TEST_RECORDINGS"] else { return nil }
        let path = "\(directory)/\(getpid())-\(DispatchTime.now().uptimeNanoseconds).jsonl"
        file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return nil }
    }

    func heard(_ line: String) { write("stdin", line) }

    /// At once, so that it is there before the client can act on the line.
    func said(_ line: String) { write("stdout", line) }

    private func write(_ stream: String, _ line: String) {
        let entry = #"{"\#(stream)":\#(JSONText.quoted(line))}"# + "\n"
        FileDescriptor.writeAll(Array(entry.utf8), to: file)
    }
}
