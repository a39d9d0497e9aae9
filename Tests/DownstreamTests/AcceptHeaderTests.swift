import Testing

@testable import Downstream

@Suite("Accept")
struct AcceptHeaderTests {
    @Test(
        "[41] what a client takes",
        arguments: [
            (nil, true, true), ("", true, true), ("*/*", true, true),
            ("application/json, text/event-stream", true, true), ("text/event-stream,application/json", true, true),
            ("application/json", true, false), ("Application/JSON; q=0.9", true, false),
            ("text/event-stream", false, true), ("text/*", false, true), ("application/*", true, false),
            ("text/html", false, false), ("text/html, */*;q=0.1", true, true), ("*/*;q=0", false, false),
            ("*/*, text/event-stream;q=0", true, false), ("text/event-stream;q=0.000, */*", true, false),
        ] as [(String?, Bool, Bool)])
    func accepts(_ value: String?, _ json: Bool, _ eventStream: Bool) {
        #expect(AcceptHeader(value) == AcceptHeader(json: json, eventStream: eventStream))
    }

    @Test("[6] only application/json is JSON")
    func mediaType() {
        #expect(MediaType.isJSON("application/json"))
        #expect(MediaType.isJSON("Application/JSON ; charset=utf-8"))
        #expect(!MediaType.isJSON("text/plain"))
        #expect(!MediaType.isJSON("application/jsonp"))
        #expect(!MediaType.isJSON("text/plain; application/json"))
        #expect(!MediaType.isJSON(""))
    }
}
