import Testing

@testable import Downstream

@Suite("event id")
struct EventIDTests {
    @Test("an id is read as it was written", arguments: [(0, 0), (1, 2), (.max, .max)] as [(UInt64, UInt64)])
    func roundTrip(_ stream: UInt64, _ event: UInt64) {
        let id = EventID(stream: stream, event: event)
        #expect(EventID(id.text) == id)
    }

    @Test(
        "any other text is none",
        arguments: [
            "", ".", "1", "1.", ".1", "1.2.3", "01.2", "1.02", "+1.2", "1.+2", "-1.2", "1.-2", " 1.2", "1.2 ", "1 .2",
            "a.b", "1.2x", "18446744073709551616.1", "1.18446744073709551616", "1,2", "１.2",
        ])
    func malformed(_ text: String) {
        #expect(EventID(text) == nil)
    }
}
