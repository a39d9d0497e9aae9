import NIOCore
import Testing

@testable import GatewayCore

/// What a server wants visited before it does anything (-32042).
@Suite struct RequiredURLsTests {
    private static func error(_ list: String, code: String = "-32042") -> ByteBuffer {
        ByteBuffer(string: #"{"code":\#(code),"message":"m","data":{"elicitations":\#(list)}}"#)
    }

    @Test(
        "what names no URL to visit is no such error",
        arguments: [
            error("[]"), error(#"[{"mode":"form"},7,{"url":7}]"#), error("7"),
            error(#"[{"url":"u"}]"#, code: "-32041"), ByteBuffer(string: #"{"code":-32042}"#), ByteBuffer(string: "7"),
        ])
    func others(error: ByteBuffer) {
        #expect(RequiredURLs(of: error) == nil)
    }

    @Test("[112] what is left out of an elicitation is added, and what is none is left out")
    func complete() throws {
        let list = #"[{"url":"a"},7,{"elicitationId":"e","message":"go","mode":"form","url":"b"}]"#
        let required = try #require(RequiredURLs(of: Self.error(list)))
        #expect(required.urls == ["a", "b"])
        #expect(
            required.elicitations.map { String(buffer: $0) } == [
                #"{"mode":"url","message":"A page has to be visited first","url":"a"}"#,
                #"{"mode":"url","message":"go","url":"b","elicitationId":"e"}"#,
            ])
    }

    @Test("who sends people somewhere is named in what they read")
    func naming() throws {
        let named = try #require(RequiredURLs.naming("bank", in: Self.error(#"[{"url":"u","message":"log in"}]"#)))
        #expect(
            String(buffer: named)
                == #"{"code":-32042,"message":"m","data":{"elicitations":["#
                + #"{"mode":"url","message":"bank: log in","url":"u"}]}}"#)
        #expect(RequiredURLs.naming("bank", in: Self.error("[]")) == nil)
    }
}
