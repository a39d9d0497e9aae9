import Supervision
import Testing

@testable import Upstreams

/// What is tried at a URL, in which order, and what is said when nothing works.
struct TransportDetectionTests {
    typealias Attempt = TransportDetection.Attempt

    private static func status(_ code: Int) -> AttemptOutcome { .status(HTTPStatus(code)) }

    @Test(
        "the configured transport comes alone, then what worked last, then what the path suggests",
        arguments: [
            (RemoteEndpoint.Transport.sse, RemoteEndpoint.Transport.streamableHTTP, "/mcp", [Attempt.eventStream]),
            (.streamableHTTP, .sse, "/sse", [.initialize]),
            (nil, nil, "/mcp", [.initialize, .eventStream]),
            (nil, nil, "/", [.initialize, .eventStream]),
            (nil, nil, "/sse", [.eventStream, .initialize]),
            (nil, nil, "/team/sse/", [.eventStream, .initialize]),
            (nil, nil, "/nosse", [.initialize, .eventStream]),
            (nil, .streamableHTTP, "/sse", [.initialize, .eventStream]),
            (nil, .sse, "/mcp", [.eventStream, .initialize]),
        ] as [(RemoteEndpoint.Transport?, RemoteEndpoint.Transport?, String, [Attempt])])
    func order(
        configured: RemoteEndpoint.Transport?, remembered: RemoteEndpoint.Transport?, path: String, order: [Attempt]
    ) {
        var detection = TransportDetection(configured: configured, remembered: remembered, path: path)
        var tried = [detection.current]
        while case .attempt(let next) = detection.failed(Self.status(404)), tried.count < 9 { tried.append(next) }
        #expect(tried == order)
    }

    @Test("136: only 400, 404 and 405 to initialize lead to a GET", arguments: 300...599)
    func statuses(code: Int) {
        var detection = TransportDetection(configured: nil, remembered: nil, path: "/mcp")
        let step = detection.failed(Self.status(code))
        #expect((step == .attempt(.eventStream)) == [400, 404, 405].contains(code))
    }

    @Test("136: an error of the newer protocol is no reason to fall back", arguments: [-32020, -32021, -32022])
    func modern(code: Int) throws {
        var detection = TransportDetection(configured: nil, remembered: nil, path: "/mcp")
        guard case .giveUp(let reason, .unusable) = detection.failed(.modern(code: code)) else {
            throw Unexpected()
        }
        #expect(reason.contains("\(code)") && reason.contains("2026-07-28"))
    }

    @Test("137: 401, 403, 5xx, silence and broken networks say nothing about the transport, whichever was tried")
    func inconclusive() {
        let outcomes =
            [401, 403, 408, 429, 500, 501, 502, 503, 504].map(Self.status)
            + [.failed("timed out", isUnreachable: false), .failed("refused", isUnreachable: true)]
        for outcome in outcomes {
            for path in ["/mcp", "/sse"] {
                var detection = TransportDetection(configured: nil, remembered: nil, path: path)
                let first = detection.current
                guard case .giveUp(_, let trouble) = detection.failed(outcome) else {
                    Issue.record("\(outcome) changed the verdict")
                    continue
                }
                #expect((trouble == .unreachable) == (outcome == .failed("refused", isUnreachable: true)))
                #expect((trouble == .unauthorized) == [Self.status(401), Self.status(403)].contains(outcome))
                #expect(detection.current == first)
            }
        }
    }

    @Test("a GET that brings no stream of events leads to a POST: it may be a streamable server at /sse")
    func noStream() {
        for outcome in [Self.status(400), Self.status(405), Self.status(406), .foreign("it answered with text/html")] {
            var detection = TransportDetection(configured: nil, remembered: nil, path: "/sse")
            #expect(detection.failed(outcome) == .attempt(.initialize))
        }
    }

    @Test("when nothing works, every outcome is told, with what it means")
    func report() throws {
        var detection = TransportDetection(configured: nil, remembered: nil, path: "/mcp")
        #expect(detection.failed(.status(HTTPStatus(405))) == .attempt(.eventStream))
        let meaning = HTTPStatus(401).meaning(withCredentials: false)
        let step = detection.failed(.status(HTTPStatus(401), meaning: meaning, note: "no token"))
        #expect(
            step
                == .giveUp(
                    reason: "initialize by POST (streamable HTTP): HTTP 405 Method Not Allowed; "
                        + "a stream by GET (HTTP+SSE): HTTP 401 Unauthorized: it asks for credentials; "
                        + "put them into \"headers\" (\"no token\")",
                    .unauthorized))
    }

    @Test("a configured transport that the server does not speak is put in question")
    func doubt() {
        var detection = TransportDetection(configured: .sse, remembered: nil, path: "/mcp")
        #expect(
            detection.failed(.status(HTTPStatus(405)))
                == .giveUp(
                    reason: "HTTP 405 Method Not Allowed, to a stream by GET (HTTP+SSE); "
                        + "is \"transportType\" really \"sse\"?",
                    .unusable))
    }

    @Test("a random server: at most one attempt of each kind, and the end is a report of all of them")
    func walk() {
        var generator = SystemRandomNumberGenerator()
        let outcomes: [AttemptOutcome] =
            [400, 401, 403, 404, 405, 406, 500].map(Self.status)
            + [.modern(code: -32022), .foreign("x"), .refused("y"), .failed("z", isUnreachable: true)]
        for _ in 0..<10_000 {
            let transports: [RemoteEndpoint.Transport?] = [nil, nil, .sse, .streamableHTTP]
            let configured = transports.randomElement(using: &generator) ?? nil
            let remembered = transports.randomElement(using: &generator) ?? nil
            var detection = TransportDetection(
                configured: configured, remembered: remembered, path: Bool.random() ? "/sse" : "/mcp")
            var tried = [detection.current]
            var told: [AttemptOutcome] = []
            steps: while true {
                let outcome = outcomes.randomElement(using: &generator) ?? .refused("y")
                told.append(outcome)
                switch detection.failed(outcome) {
                case .attempt(let next):
                    #expect(!tried.contains(next) && detection.current == next)
                    tried.append(next)
                case .giveUp(let reason, let trouble):
                    #expect(told.allSatisfy { reason.contains("\($0)") })
                    #expect(trouble == told.last?.trouble)
                    break steps
                }
            }
            #expect(tried.count <= (configured == nil ? 2 : 1))
        }
    }

    private struct Unexpected: Error {}
}
