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
            (RemoteEndpoint.Transport.sse, Attempt.initialize, "/mcp", [Attempt.eventStream]),
            (.streamableHTTP, .eventStream, "/sse", [.initialize]),
            (nil, nil, "/mcp", [.initialize, .eventStream]),
            (nil, nil, "/", [.initialize, .eventStream]),
            (nil, nil, "/sse", [.eventStream, .initialize]),
            (nil, nil, "/team/sse/", [.eventStream, .initialize]),
            (nil, nil, "/nosse", [.initialize, .eventStream]),
            (nil, .initialize, "/sse", [.initialize, .eventStream]),
            (nil, .eventStream, "/mcp", [.eventStream, .initialize]),
        ] as [(RemoteEndpoint.Transport?, Attempt?, String, [Attempt])])
    func order(configured: RemoteEndpoint.Transport?, remembered: Attempt?, path: String, order: [Attempt]) {
        var detection = TransportDetection(
            configured: configured, era: .legacy, remembered: remembered, path: path)
        #expect(Self.order(&detection) == order)
    }

    @Test(
        "136: a server of which nothing is known is asked what it is before anything else is posted",
        arguments: [
            (ServerEra.auto, nil, nil, "/mcp", [Attempt.discover, .initialize, .eventStream]),
            (.auto, nil, nil, "/sse", [.eventStream, .discover, .initialize]),
            (.auto, .streamableHTTP, nil, "/mcp", [.discover, .initialize]),
            (.auto, .sse, nil, "/mcp", [.eventStream]),
            (.auto, nil, .initialize, "/mcp", [.initialize, .discover, .eventStream]),
            (.auto, nil, .eventStream, "/mcp", [.eventStream, .discover, .initialize]),
            (.auto, .streamableHTTP, .initialize, "/mcp", [.initialize, .discover]),
            (.modern, nil, .initialize, "/sse", [.discover]),
            (.modern, .streamableHTTP, nil, "/mcp", [.discover]),
            (.legacy, nil, .discover, "/mcp", [.initialize, .eventStream]),
        ] as [(ServerEra, RemoteEndpoint.Transport?, Attempt?, String, [Attempt])])
    func eras(
        era: ServerEra, configured: RemoteEndpoint.Transport?, remembered: Attempt?, path: String, order: [Attempt]
    ) {
        var detection = TransportDetection(configured: configured, era: era, remembered: remembered, path: path)
        #expect(Self.order(&detection) == order)
    }

    @Test(
        "who prefers sessions asks for them first, and is told of a server that has none",
        arguments: [
            ("/mcp", nil, [Attempt.initialize, .eventStream, .discover]),
            ("/sse", nil, [.eventStream, .initialize, .discover]),
            ("/mcp", .discover, [.discover, .initialize, .eventStream]),
        ] as [(String, Attempt?, [Attempt])])
    func sessionsFirst(path: String, remembered: Attempt?, order: [Attempt]) {
        var detection = TransportDetection(
            configured: nil, era: .auto, remembered: remembered, path: path, prefersSessions: true)
        #expect(Self.order(&detection) == order)
        var modern = TransportDetection(
            configured: nil, era: .auto, remembered: nil, path: "/mcp", prefersSessions: true)
        #expect(modern.failed(.modern(code: -32022)) == .attempt(.discover))
    }

    private static func order(_ detection: inout TransportDetection) -> [Attempt] {
        var tried = [detection.current]
        while case .attempt(let next) = detection.failed(Self.status(404)), tried.count < 9 { tried.append(next) }
        return tried
    }

    @Test("136: whatever a legacy server makes of server/discover leads to initialize")
    func legacyAnswers() {
        let outcomes =
            [400, 404, 405, 406, 415, 422, 500, 501].map(Self.status)
            + [
                .legacy("answered with error -32601"), .silent("nothing"), .foreign("text/html"),
                .failed("broke off", isUnreachable: false),
            ]
        for outcome in outcomes {
            var detection = TransportDetection(configured: nil, era: .auto, remembered: nil, path: "/mcp")
            #expect(detection.failed(outcome) == .attempt(.initialize), "\(outcome)")
        }
    }

    @Test("137: what has nothing to do with the question leads nowhere")
    func noEvidence() {
        let outcomes =
            [401, 403, 429, 502, 503, 504].map(Self.status)
            + [.failed("refused", isUnreachable: true), .modern(code: -32020), .refused("it speaks only 2099-01-01")]
        for outcome in outcomes {
            var detection = TransportDetection(configured: nil, era: .auto, remembered: nil, path: "/mcp")
            guard case .giveUp = detection.failed(outcome) else {
                Issue.record("\(outcome) changed the verdict")
                continue
            }
        }
    }

    @Test("136: one that was legacy and answers initialize with an error of the newer protocol is asked what it is")
    func updated() {
        var detection = TransportDetection(configured: nil, era: .auto, remembered: .initialize, path: "/mcp")
        #expect(detection.failed(.modern(code: -32022)) == .attempt(.discover))
        var silent = TransportDetection(configured: nil, era: .auto, remembered: nil, path: "/mcp")
        #expect(silent.failed(.silent("nothing")) == .attempt(.initialize))
        guard case .giveUp = silent.failed(.modern(code: -32022)) else {
            Issue.record("server/discover was tried twice")
            return
        }
    }

    @Test("136: only 400, 404 and 405 to initialize lead to a GET", arguments: 300...599)
    func statuses(code: Int) {
        var detection = TransportDetection(configured: nil, era: .legacy, remembered: nil, path: "/mcp")
        let step = detection.failed(Self.status(code))
        #expect((step == .attempt(.eventStream)) == [400, 404, 405].contains(code))
    }

    @Test("136: an error of the newer protocol is no reason to fall back", arguments: [-32020, -32021, -32022])
    func modern(code: Int) throws {
        var detection = TransportDetection(configured: nil, era: .legacy, remembered: nil, path: "/mcp")
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
                var detection = TransportDetection(configured: nil, era: .legacy, remembered: nil, path: path)
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
            var detection = TransportDetection(configured: nil, era: .legacy, remembered: nil, path: "/sse")
            #expect(detection.failed(outcome) == .attempt(.initialize))
        }
    }

    @Test("when nothing works, every outcome is told, with what it means")
    func report() throws {
        var detection = TransportDetection(configured: nil, era: .legacy, remembered: nil, path: "/mcp")
        #expect(detection.failed(.status(HTTPStatus(405))) == .attempt(.eventStream))
        let meaning = HTTPStatus(401).meaning(withCredentials: false, named: .keys)
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
        var detection = TransportDetection(configured: .sse, era: .legacy, remembered: nil, path: "/mcp")
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
            + [
                .modern(code: -32022), .foreign("x"), .refused("y"), .failed("z", isUnreachable: true), .legacy("l"),
                .silent("s"),
            ]
        for _ in 0..<10_000 {
            let transports: [RemoteEndpoint.Transport?] = [nil, nil, .sse, .streamableHTTP]
            let configured = transports.randomElement(using: &generator) ?? nil
            let remembered = [nil, .discover, Attempt.initialize, .eventStream].randomElement(using: &generator) ?? nil
            let era = ServerEra.allCases.randomElement(using: &generator) ?? .auto
            var detection = TransportDetection(
                configured: configured, era: era, remembered: remembered, path: Bool.random() ? "/sse" : "/mcp")
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
            #expect(tried.count <= 3)
        }
    }

    private struct Unexpected: Error {}
}
