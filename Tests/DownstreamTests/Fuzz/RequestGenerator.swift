import FuzzSupport

/// Makes HTTP/1.1 requests as clients send them, and as none should.
struct RequestGenerator {
    struct Request {
        let method: String
        let bytes: [UInt8]
        let mayEndConnection: Bool
    }

    private var random: SeededGenerator
    private var messages: MessageGenerator

    /// An open session of the route `/fetch/mcp`.
    var session = ""
    /// The path to POST to of an open session of the route `/fetch/sse`.
    var endpoint = ""

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        messages = MessageGenerator(seed: ~seed)
    }

    /// One to four requests that are well-formed, though what they ask for may not make sense.
    mutating func wellFormed() -> [Request] {
        var requests: [Request] = []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let request = request()
            requests.append(request)
            // Nothing may follow it (RFC 9112 §9.6), or the answer may be lost in the reset of the connection.
            if request.mayEndConnection { break }
        }
        return requests
    }

    /// Requests that have been damaged, or bytes that never were any.
    mutating func damaged() -> [UInt8] {
        if random.chance(40) {
            return (0..<Int.random(in: 1...200, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        // What answers HEAD looks like any other answer that has lost its body.
        var bytes = wellFormed().filter { $0.method != "HEAD" }.flatMap(\.bytes)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            bytes.damage(inserting: Self.tokens, using: &random)
        }
        if random.chance(30), !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &random)
            bytes.insert(contentsOf: [UInt8](repeating: UInt8(ascii: "x"), count: 5000), at: place)
        }
        return bytes
    }

    /// The bytes as they are written one after another: now and then one by one at first.
    mutating func pieces(of bytes: [UInt8]) -> [[UInt8]] {
        var cuts = (0..<Int.random(in: 0...4, using: &random)).map { _ in
            Int.random(in: 0...bytes.count, using: &random)
        }
        if random.chance(10) { cuts += 1..<max(2, min(bytes.count, 60)) }
        let bounds = [0] + cuts.sorted() + [bytes.count]
        return zip(bounds, bounds.dropFirst()).map { Array(bytes[min($0, bytes.count)..<min($1, bytes.count)]) }
            .filter { !$0.isEmpty }
    }

    private static let tokens: [[UInt8]] =
        [
            "\r\n", "\n", "\r", "\r\n\r\n", " ", "\t", ":", "\u{0}", "0\r\n\r\n", "ffffffffffffffffff\r\n", "-1\r\n",
            "0x10\r\n", "5;\r\n", "\r\n Folded: yes", "HTTP/1.0", "HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "\r\nContent-Length: 5", "\r\nContent-Length: 18446744073709551616", "\r\nContent-Length: -1",
            "\r\nContent-Length: 5, 5", "\r\nContent-Length: 4096000", "\r\nTransfer-Encoding: chunked",
            "\r\nTransfer-Encoding: gzip, chunked", "\r\nTransfer-Encoding: chunked, identity",
            "\r\nExpect: 100-continue", "\r\nConnection: close", "\r\nConnection: upgrade\r\nUpgrade: websocket",
            "\r\nHost: other", "GET / HTTP/1.1\r\n\r\n", "CONNECT localhost:1 HTTP/1.1\r\n\r\n",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3, 0x28], [0x7F]]

    // MARK: Requests

    private mutating func request() -> Request {
        let (method, target) = methodAndTarget()
        var fields = fields()
        var body: [UInt8] = []
        if method == "POST" || random.chance(30) {
            body = self.body()
            if !random.chance(20) {
                fields.append(
                    "Content-Type: " + mostly("application/json", ["application/json; charset=utf-8", "text/plain"]))
            }
            if random.chance(4) {
                fields.append("Transfer-Encoding: chunked")
                body = chunked(body)
            } else {
                fields.append("Content-Length: \(body.count)")
            }
        }
        let head = (["\(method) \(target) HTTP/1.1"] + fields.shuffled(using: &random)).joined(separator: "\r\n")
        return Request(
            method: method, bytes: Array((head + "\r\n\r\n").utf8) + body,
            mayEndConnection: fields.contains("Connection: close") || fields.contains("Expect: 100-continue"))
    }

    private mutating func methodAndTarget() -> (String, String) {
        switch Int.random(in: 0..<10, using: &random) {
        case ..<5: (mostly("POST", ["POST", "GET", "DELETE", "OPTIONS", "PUT", "HEAD"]), "/fetch/mcp")
        case ..<7:
            (mostly("POST", ["GET", "DELETE"]), mostly(endpoint, ["/fetch/message", "/fetch/message?sessionId=no"]))
        case 7: (mostly("GET", ["POST", "HEAD"]), "/fetch/sse")
        default:
            (
                mostly("GET", ["HEAD", "POST", "OPTIONS", "TRACE", "M-SEARCH"]),
                random.pick([
                    "/", "/livez", "/readyz", "/healthz", "/.well-known/oauth-protected-resource", "/nothing/mcp", "*",
                    "/fetch/mcp?x=%zz", "http://localhost/livez", "/%2e%2e/%66etch/mcp", "//", "/a/b/c/d?e#f",
                    "/openapi/fetch/openapi.json", "/openapi/fetch/docs", "/openapi/fetch/a%2Fb?raw=1", "/openapi",
                ])
            )
        }
    }

    private mutating func fields() -> [String] {
        var fields: [String] = []
        if !random.chance(30) {
            fields.append(
                "Host: " + mostly("localhost", ["127.0.0.1", "evil.example", "[::1]:80", "localhost:99999", ""]))
        }
        if !random.chance(10) {
            fields.append(
                "Accept: "
                    + mostly(
                        "application/json, text/event-stream",
                        ["text/event-stream", "application/json", "*/*", "text/html;q=0.1, application/*", "q=,;"]))
        }
        if !random.chance(4) { fields.append("Mcp-Session-Id: " + mostly(session, ["wrong", ""])) }
        if random.chance(3) { fields.append("MCP-Protocol-Version: " + mostly("2025-06-18", ["1999-01-01", ""])) }
        while random.chance(3) {
            fields.append(
                random.pick([
                    "Origin: http://evil.example", "Origin: http://localhost:1", "Origin: null", "X-Empty:",
                    "Authorization: Bearer x", "Cookie: a=b", "Last-Event-ID: 5", "X-Forwarded-For: ::1",
                    "Host: localhost",
                    "Access-Control-Request-Method: POST", "Accept: text/plain", "X-Odd:\t\u{E9}\u{2028} ",
                    "Connection: close",
                    "Connection: keep-alive, x-odd", "Expect: 100-continue", "Content-Type: application/json",
                    "X-Long: " + String(repeating: "y", count: 1000), "!#$%&'*+-.^_`|~: every token character",
                ]))
        }
        return fields
    }

    // MARK: Bodies

    private mutating func body() -> [UInt8] {
        switch Int.random(in: 0..<8, using: &random) {
        case ..<4: Array(message().utf8)
        case 4: Array("[\(message()),\(message())]".utf8)
        case 5: Array((message() + String(repeating: " ", count: random.chance(10) ? 5000 : 0)).utf8)
        default: messages.next()
        }
    }

    private mutating func message() -> String {
        let id = random.pick(["1", "2", "\"a\"", "\"\\u00e9\"", "9007199254740993"])
        return random.pick([
            #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"echo","_meta":{"progressToken":\#(id)}}}"#,
            #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"a\"\n"}}"#,
            #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/list"}"#, #"{"jsonrpc":"2.0","id":\#(id),"method":"ping"}"#,
            #"{"jsonrpc":"2.0","id":\#(id),"method":"no/such","params":{}}"#, TestGateway.initialize,
            #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id)}}"#,
            #"{"jsonrpc":"2.0","id":\#(id),"result":{}}"#,
            #"{"jsonrpc":"2.0","id":\#(id),"error":{"code":1,"message":"no"}}"#,
        ])
    }

    /// The body in chunks, some with an extension, and sometimes with a trailer.
    private mutating func chunked(_ body: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        var rest = body[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(Int.random(in: 1...300, using: &random))
            rest = rest.dropFirst(chunk.count)
            let ending = random.chance(6) ? ";a=\"b\"\r\n" : "\r\n"
            text += Array((String(chunk.count, radix: 16, uppercase: random.chance(2)) + ending).utf8) + chunk
            text += Array("\r\n".utf8)
        }
        return text + Array(("0\r\n" + (random.chance(6) ? "X-Trailer: 1\r\n" : "") + "\r\n").utf8)
    }

    /// The usual text nine times in ten.
    private mutating func mostly(_ usual: String, _ others: [String]) -> String {
        random.chance(10) ? random.pick(others) : usual
    }
}
