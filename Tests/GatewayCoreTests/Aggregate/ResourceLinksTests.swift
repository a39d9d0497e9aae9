import NIOCore
import Testing

@testable import GatewayCore

@Suite struct ResourceLinksTests {
    private static func translated(_ result: String, _ method: String) -> String {
        let message = ByteBuffer(string: #"{"jsonrpc":"2.0","id":1,"result":\#(result)}"#)
        let text = String(buffer: ResourceLinks.translating(message, method: method) { $0 == "x:1" ? "L:x:1" : nil })
        return String(text.dropFirst(#"{"jsonrpc":"2.0","id":1,"result":"#.count).dropLast())
    }

    @Test(
        "[154] URIs are translated wherever results hold them, and nothing else is touched",
        arguments: [
            (
                "tools/call",
                #"{"a":1.0,"content":[{"type":"text","text":"\"uri\":\"x:1\""},{"type":"resource_link","uri":"x:1","n":1e2}]}"#,
                #"{"a":1.0,"content":[{"type":"text","text":"\"uri\":\"x:1\""},{"type":"resource_link","uri":"L:x:1","n":1e2}]}"#
            ),
            (
                "tools/call",
                #"{"content":[{"type":"resource","resource":{"uri":"x:1","text":"t"}},{"type":"resource_link","uri":"x:2"}]}"#,
                #"{"content":[{"type":"resource","resource":{"uri":"L:x:1","text":"t"}},{"type":"resource_link","uri":"x:2"}]}"#
            ),
            (
                "resources/read", #"{"contents":[{"uri":"x:1","blob":"AA=="},{"uri":"x:2"}]}"#,
                #"{"contents":[{"uri":"L:x:1","blob":"AA=="},{"uri":"x:2"}]}"#
            ),
            (
                "prompts/get",
                #"{"messages":[{"role":"user","content":{"type":"resource","resource":{"uri":"x:1"}}}]}"#,
                #"{"messages":[{"role":"user","content":{"type":"resource","resource":{"uri":"L:x:1"}}}]}"#
            ),
            (
                "tools/call", #"{"content":[], "structuredContent": {"uri":"x:1"}}"#,
                #"{"content":[], "structuredContent": {"uri":"x:1"}}"#
            ),
        ])
    func translation(method: String, result: String, expected: String) {
        #expect(Self.translated(result, method) == expected)
    }

    @Test("an error passes as it is")
    func errors() {
        let error = ByteBuffer(
            string: #"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"\"uri\"","data":{"uri":"x:1"}}}"#)
        #expect(ResourceLinks.translating(error, method: "resources/read") { _ in "y" } == error)
    }
}
