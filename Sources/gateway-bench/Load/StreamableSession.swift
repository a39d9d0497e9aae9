internal import NIOCore

/// A client over streamable HTTP: every message is a POST on one connection, and its answer the response. It has a
/// session where the server gives it one.
final class StreamableSession: Session, ResponseReceiver {
    private let target: Target
    private let eventLoop: any EventLoop
    private lazy var connection = HTTPConnection(receiver: self)
    private var head: String
    private var isNamed = false

    private var awaited = AwaitedAnswer.nothing
    private var done: Completion?
    private var isEventStream = false
    private var events = EventReader()

    init(_ target: Target, on eventLoop: any EventLoop) {
        self.target = target
        self.eventLoop = eventLoop
        head = """
            POST \(Target.route)/mcp HTTP/1.1\r\nHost: \(target.host)\r\nContent-Type: application/json\r\n\
            Accept: application/json, text/event-stream\r\n
            """
    }

    func connect(_ done: @escaping Completion) {
        connection.connect(to: target.address, on: eventLoop, done)
    }

    func exchange(_ body: RequestBody, awaiting answer: AwaitedAnswer, _ done: @escaping Completion) {
        awaited = answer
        self.done = done
        connection.post(head + body.fields + "Content-Length: ", body)
    }

    func close() {
        connection.close()
    }

    func receive(_ part: ResponseReader.Part, on connection: HTTPConnection) throws(BenchFailure) {
        switch part {
        case .head(let head):
            guard head.status == 200 || head.status == 202 else { throw BenchFailure("HTTP status \(head.status)") }
            isEventStream = head.isEventStream
            events = EventReader()
            if let id = head.sessionID, !isNamed {
                isNamed = true
                self.head += "Mcp-Session-Id: \(id)\r\nMCP-Protocol-Version: 2025-06-18\r\n"
            }
        case .body(var bytes):
            if isEventStream {
                while try events.next(&bytes, &awaited) != nil {}
            } else {
                try awaited.take(&bytes)
                guard bytes.readableBytes == 0 else { throw BenchFailure("the answer is longer than expected") }
            }
        case .end:
            try awaited.checkComplete()
            let done = done
            self.done = nil
            done?(.success(()))
        }
    }

    func lost(_ failure: BenchFailure) {
        done?(.failure(failure))
        done = nil
    }
}
