import NIOCore
import Testing

@testable import Upstreams

/// What is quoted of a server's error answers.
struct ErrorNoteTests {
    private static func text(_ body: String, secrets: [String] = []) -> String? {
        ErrorNote(secrets: secrets).text(of: ByteBuffer(string: body))
    }

    @Test(
        "the message of a JSON-RPC error, else the text, on one line; nothing of a page",
        arguments: [
            (#"{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"no\nsession"}}"#, "no session"),
            (#"{"error":"invalid_token"}"#, #"{"error":"invalid_token"}"#),
            ("Not  Found\r\n", "Not Found"), ("\u{1b}[31mred\u{7}", "[31mred"), ("", nil), (" \n", nil),
            ("<!DOCTYPE html><html>", nil), ("  <html>", nil),
        ] as [(String, String?)])
    func quotes(body: String, text: String?) {
        #expect(Self.text(body) == text)
    }

    @Test("at most 200 bytes, and no half of a character")
    func length() throws {
        let long = try #require(Self.text(String(repeating: "ä", count: 300)))
        #expect(long == String(repeating: "ä", count: 100) + "…")
        let odd = try #require(Self.text("x" + String(repeating: "ä", count: 300)))
        #expect(odd == "x" + String(repeating: "ä", count: 99) + "…")
    }

    @Test("what was sent in confidence is not repeated")
    func secrets() {
        let text = Self.text(
            "bad token abcdef, key=12345, Bearer abcdef", secrets: ["Bearer abcdef", "abcdef", "12345"])
        #expect(text == "bad token …, key=…, …")
    }

    @Test("what is too short to be a secret does not riddle the text")
    func shortSecrets() {
        #expect(Self.text("a bad idea", secrets: ["a", ""]) == "a bad idea")
    }

    @Test("the code of a JSON-RPC error")
    func codes() {
        func code(_ body: String) -> Int? { ErrorNote.errorCode(in: ByteBuffer(string: body)) }
        #expect(code(#"{"jsonrpc":"2.0","id":1,"error":{"code":-32022,"message":"x"}}"#) == -32022)
        #expect(code(#"{"error":"x"}"#) == nil && code("x") == nil && code(#"{"error":{"code":"1"}}"#) == nil)
    }
}
