internal import Curl
internal import JSONRPC
internal import NIOCore

/// The body of an answer to a POST or a GET, read as it comes: one JSON text, a stream of events, or neither.
struct AnswerBody {
    /// What the head says that it is.
    enum Form: Equatable {
        case json
        case events
        /// Neither, or the answer of a request that failed; only its beginning is kept.
        case other
    }

    let form: Form
    private let limit: Int
    private var decoder: SSEDecoder
    /// What came so far of a body that is no stream.
    private(set) var collected = ByteBuffer()
    private var isOversized = false

    /// - Parameter messageLimit: how long a message may be, in bytes.
    init(of head: HTTPResponseHead, messageLimit: Int) {
        form = HTTPStatus(head.status).isSuccess ? Form(contentType: head.first("content-type")) : .other
        limit = form == .other ? ErrorNote.bodyLimit : messageLimit
        decoder = SSEDecoder(maximumLength: messageLimit)
    }

    /// The newest event id of this stream.
    var lastEventID: String? { decoder.lastEventID }
    /// How long the server wants to be left alone when the stream breaks.
    var retryMilliseconds: Int? { decoder.retryMilliseconds }

    /// Takes the next bytes. JSON comes out at the end only.
    mutating func append(_ chunk: ByteBuffer) {
        switch form {
        case .events:
            decoder.append(chunk)
        case .json:
            guard !isOversized else { return }
            collect(chunk)
        case .other:
            var chunk = chunk
            if let part = chunk.readSlice(length: min(chunk.readableBytes, limit - collected.readableBytes)) {
                collect(part)
            }
        }
    }

    /// The next event of a stream, or what a JSON text that is too long became.
    mutating func next() -> Event? {
        switch form {
        case .events:
            switch decoder.next() {
            case .event(let event): return .event(event)
            case .oversized(let head): return .oversized(id: Envelope.salvageID(in: head))
            case nil: return nil
            }
        case .json:
            guard !isOversized, collected.readableBytes > limit else { return nil }
            isOversized = true
            let head = collected.readSlice(length: min(collected.readableBytes, SSEDecoder.headLength))
            collected = ByteBuffer()
            return .oversized(id: head.flatMap { Envelope.salvageID(in: $0) })
        case .other:
            return nil
        }
    }

    /// One step of a stream.
    enum Event: Equatable {
        case event(ServerSentEvent)
        case oversized(id: RequestID?)
    }

    /// What a JSON text that has come to its end holds; nothing for anything else.
    func finish() -> [Incoming] {
        form == .json && !isOversized && collected.readableBytes > 0 ? Incoming.read(collected) : []
    }

    private mutating func collect(_ chunk: ByteBuffer) {
        if collected.readableBytes == 0 { collected = chunk } else { collected.writeImmutableBuffer(chunk) }
    }
}

extension AnswerBody.Form {
    /// By the media type, without its parameters. What names none is taken for JSON, which is what it mostly is.
    init(contentType: String?) {
        let type = contentType?.prefix { $0 != ";" }.split(separator: " ").first?.lowercased() ?? "application/json"
        switch type {
        case "text/event-stream": self = .events
        case "application/json": self = .json
        default: self = type.hasSuffix("+json") ? .json : .other
        }
    }
}
