import NIOCore
import TestHTTP

/// Answers by the path.
enum StressServer {
    static let big = ByteBuffer(repeating: 0x61, count: 300_000)

    @Sendable static func answer(_ exchange: TestHTTPExchange) {
        switch exchange.uri {
        case "/short": exchange.respond(body: exchange.text)
        case "/big": exchange.respond(body: big)
        case "/moved": exchange.respond(status: 307, headers: [("Location", "/short")])
        case "/elsewhere": exchange.respond(status: 307, headers: [("Location", "http://127.0.0.2/")], body: "moved")
        case "/break": exchange.abort()
        case "/reset": exchange.reset()
        case "/half":
            exchange.beginStream()
            exchange.write("half")
            exchange.abort()
        case "/silent": break
        default:
            exchange.beginEvents()
            for _ in 1...4 { exchange.write("data: event\n\n") }
        }
    }
}
