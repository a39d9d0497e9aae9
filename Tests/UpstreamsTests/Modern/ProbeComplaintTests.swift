import Testing

@testable import Upstreams

/// What servers write because they were asked what they do not know.
@Suite struct ProbeComplaintTests {
    private static let plain = [
        "WARNING:root:Failed to validate request: 31 validation errors for ClientRequest",
        "PingRequest.method",
        "  Input should be 'ping' [type=literal_error, input_value='server/discover', input_type=str]",
        "    For further information visit https://errors.pydantic.dev/2.14/v/literal_error",
        "CompleteRequest.params.ref.PromptReference.name",
        "  Field required [type=missing, input_value={'_meta': {'io.modelconte...'}}, input_type=dict]",
        "    For further information visit https://errors.pydantic.dev/2.14/v/missing",
    ]
    /// Of programs that log with Rich.
    private static let wrapped = [
        "[11/27/26 00:26:50] WARNING  Failed to validate request: 31        session.py:383",
        "                             validation errors for ClientRequest                 ",
        "                             PingRequest.method                                  ",
    ]

    private static func rest(of lines: [String]) -> [String] {
        var complaint = ProbeComplaint()
        return lines.filter { !complaint.takes($0) }
    }

    @Test("all of it is recognized, and nothing before or after it", arguments: [plain, wrapped])
    func recognized(complaint: [String]) {
        let before = ["starting", "  indented", "a.b"]
        for next in ["listening on 8080", "                    WARNING  no database", "done", ""] {
            let after = [next, "  indented", "a.b"]
            #expect(Self.rest(of: before + complaint + after) == before + after)
        }
    }

    @Test("a second one is none of the question's")
    func second() {
        #expect(Self.rest(of: Self.plain + ["ready"] + Self.plain) == ["ready"] + Self.plain)
    }

    @Test("a server that goes on like that for ever is heard in the end")
    func endless() {
        let endless = Array(repeating: "  x", count: 1000)
        #expect(Self.rest(of: Self.plain + endless).count > 500)
    }
}
