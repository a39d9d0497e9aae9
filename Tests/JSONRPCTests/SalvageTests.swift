import JSONRPC
import NIOCore
import Testing

@Suite("What can be known of a text that is no whole message")
struct SalvageTests {
    private func id(_ head: String) -> String? {
        Envelope.salvageID(in: ByteBuffer(string: head)).map { String(buffer: $0.json) }
    }

    @Test("the id of a message that fails only as JSON-RPC is known")
    func notJSONRPC() {
        #expect(id("{\"id\":5,\"method\":1}") == "5")
        #expect(id("{\"method\":\"m\",\"params\":[],\"id\":\"x\"}") == "\"x\"")
        #expect(id("{\"jsonrpc\":\"1.0\",\"i\\u0064\":\"x\"}") == "\"x\"")
        #expect(id("{\"id\":null,\"method\":\"m\"}") == nil)
        #expect(id("{\"id\":1.5,\"method\":\"m\"}") == nil)
        #expect(id("[{\"id\":1}]") == nil)
        #expect(id("") == nil)
    }

    @Test("the id of a message whose end is missing is known once it stands there whole")
    func everyPrefix() {
        let text = "{\"jsonrpc\":\"2.0\",\"x\":{\"id\":3},\"id\":1234,\"result\":{\"content\":\"...\"}}"
        let known = "{\"jsonrpc\":\"2.0\",\"x\":{\"id\":3},\"id\":1234,".utf8.count
        for length in 0...text.utf8.count {
            #expect(id(String(text.prefix(length))) == (length < known ? nil : "1234"), "\(length)")
        }
        let quoted = text.replacing("1234", with: "\"a\\\"b\"")
        let quotedKnown = "{\"jsonrpc\":\"2.0\",\"x\":{\"id\":3},\"id\":\"a\\\"b\"".utf8.count
        for length in 0...quoted.utf8.count {
            #expect(id(String(quoted.prefix(length))) == (length < quotedKnown ? nil : "\"a\\\"b\""), "\(length)")
        }
    }

    @Test("of two ids neither is believed, whatever else is wrong")
    func twoIDs() {
        #expect(id("{\"id\":1,\"id\":2}") == nil)
        #expect(id("{\"params\":[],\"id\":1,\"id\":2") == nil)
        #expect(id("{\"method\":\"a\",\"method\":\"b\",\"id\":2}") == "2")
    }

    @Test("a head tells a request from an answer by its method")
    func method() {
        #expect(Envelope.salvaging(ByteBuffer(string: "{\"id\":1,\"method\":\"a\",\"params\":{\"x\":\"")).method != nil)
        #expect(Envelope.salvaging(ByteBuffer(string: "{\"id\":1,\"result\":{\"x\":\"")).method == nil)
    }
}
