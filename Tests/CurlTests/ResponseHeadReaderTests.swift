import Testing

@testable import Curl

@Suite struct ResponseHeadReaderTests {
    private func read(_ lines: [String]) -> [ResponseHeadReader.Step] {
        var reader = ResponseHeadReader()
        return lines.map { reader.read(Array($0.utf8)) }
    }

    @Test("one head, of the final answer, and nothing of trailers")
    func final() {
        let steps = read([
            "HTTP/1.1 100 Continue\r\n", "X-A: 0\r\n", "\r\n", "HTTP/2 200 \r\n", "X-A: 1\r\n", "\r\n",
            "X-Trailer: 2\r\n", "\r\n",
        ])
        let head = HTTPResponseHead(status: 200, fields: [HTTPField("x-a", "1")])
        #expect(steps == [.more, .more, .more, .more, .more, .complete(head), .more, .more])
    }

    @Test(
        "names in lower case, values without white space around them",
        arguments: [
            (["Name: value"], HTTPField("name", "value")), (["NAME:value \t"], HTTPField("name", "value")),
            (["name : a:b "], HTTPField("name", "a:b")), (["name:"], HTTPField("name", "")),
            (["name: a", " \t b"], HTTPField("name", "a b")), (["name:", "\tb"], HTTPField("name", "b")),
            (["name: a", "  "], HTTPField("name", "a")),
        ])
    func fields(lines: [String], field: HTTPField) {
        let steps = read(["HTTP/1.1 404 No\r\n"] + lines.map { "\($0)\r\n" } + ["\n"])
        #expect(steps.last == .complete(HTTPResponseHead(status: 404, fields: [field])))
    }

    @Test("bytes that are no UTF-8 do not stop it")
    func bytes() {
        var reader = ResponseHeadReader()
        _ = reader.read(Array("HTTP/1.1 200 OK\r\n".utf8))
        #expect(reader.read([0x61, 0x3A, 0xFC, 0x0D, 0x0A]) == .more)
        #expect(reader.read([]) == .complete(HTTPResponseHead(status: 200, fields: [HTTPField("a", "\u{FFFD}")])))
    }

    @Test(
        "lines that are refused",
        arguments: [
            "HTTP/1.1\r\n", "HTTP/1.1 20\r\n", "HTTP/1.1 2000\r\n", "HTTP/1.1 +20 OK\r\n", "HTTP/1.1 099 No\r\n",
            "no colon\r\n", ": no name\r\n", " \t: x\r\n", " folded: nothing\r\n",
        ])
    func refused(line: String) {
        guard case .refused(let reason) = read(["HTTP/1.1 200 OK\r\n", line]).last else {
            Issue.record("accepted")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test("an answer that changes the protocol is none")
    func switching() {
        let steps = read(["HTTP/1.1 101 Switching Protocols\r\n", "\r\n"])
        #expect(steps == [.more, .refused("the server changed to another protocol unasked")])
    }

    @Test("64 KiB of lines are enough, interim answers included", arguments: ["x: y\r\n", "HTTP/1.1 102 A\r\n"])
    func limit(line: String) {
        var reader = ResponseHeadReader()
        _ = reader.read(Array("HTTP/1.1 200 OK\r\n".utf8))
        var taken = 17
        let bytes = Array(line.utf8)
        while case .more = reader.read(bytes), taken < 1_000_000 { taken += bytes.count }
        #expect(taken <= ResponseHeadReader.limit)
        #expect(taken > ResponseHeadReader.limit - 100)
    }
}
