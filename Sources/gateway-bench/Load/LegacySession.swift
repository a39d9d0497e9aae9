internal import NIOCore

/// A client over HTTP+SSE: one connection holds the stream, another one POSTs.
final class LegacySession: Session, ResponseReceiver {
    private let target: Target
    private let eventLoop: any EventLoop
    private lazy var stream = HTTPConnection(receiver: self)
    private var poster: HTTPConnection?
    private var path = ""

    private var events = EventReader()
    private var awaited = AwaitedAnswer.nothing
    private var done: Completion?
    private var isAccepted = false
    private var isAnswered = false

    init(_ target: Target, on eventLoop: any EventLoop) {
        self.target = target
        self.eventLoop = eventLoop
    }

    /// Ends when the endpoint event has come.
    func connect(_ done: @escaping Completion) {
        self.done = done
        stream.connect(to: target.address, on: eventLoop) { result in
            switch result {
            case .failure(let failure):
                self.lost(failure)
            case .success:
                self.stream.write(
                    ByteBuffer(
                        string: """
                            GET \(Target.route)/sse HTTP/1.1\r\nHost: \(self.target.host)\r\n\
                            Accept: text/event-stream\r\n\r\n
                            """))
                self.stream.flush()
            }
        }
    }

    func exchange(_ body: RequestBody, awaiting answer: AwaitedAnswer, _ done: @escaping Completion) {
        awaited = answer
        self.done = done
        isAccepted = false
        if case .nothing = answer { isAnswered = true } else { isAnswered = false }
        let head = """
            POST \(path) HTTP/1.1\r\nHost: \(target.host)\r\nContent-Type: application/json\r\n
            """ + "Content-Length: "
        if let poster { return poster.post(head, body) }
        let poster = HTTPConnection(receiver: self)
        self.poster = poster
        poster.connect(to: target.address, on: eventLoop) { result in
            switch result {
            case .success: poster.post(head, body)
            case .failure(let failure): self.lost(failure)
            }
        }
    }

    /// Closes the connection that POSTs until it is needed again, as a client that is idle does sooner or later.
    func rest() {
        poster?.close()
        poster = nil
    }

    func close() {
        rest()
        stream.close()
    }

    func receive(_ part: ResponseReader.Part, on connection: HTTPConnection) throws(BenchFailure) {
        switch part {
        case .head(let head):
            let expected = connection === stream ? 200 : 202
            guard head.status == expected else { throw BenchFailure("HTTP status \(head.status)") }
        case .body(var bytes):
            guard connection === stream else { return }
            while let event = try events.next(&bytes, &awaited) {
                switch event {
                case .endpoint(let path):
                    self.path = path
                    finish()
                case .answer:
                    awaited = .nothing
                    isAnswered = true
                    if isAccepted { finish() }
                }
            }
        case .end:
            guard connection !== stream else { throw BenchFailure("the server ended the stream") }
            isAccepted = true
            if isAnswered { finish() }
        }
    }

    private func finish() {
        let done = done
        self.done = nil
        done?(.success(()))
    }

    func lost(_ failure: BenchFailure) {
        done?(.failure(failure))
        done = nil
    }
}
