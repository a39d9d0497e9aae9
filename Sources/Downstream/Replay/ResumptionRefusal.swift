internal import MCP
internal import NIOCore
internal import NIOHTTP1

/// Why a GET cannot go on where its `Last-Event-ID` says.
enum ResumptionRefusal: Error, Equatable {
    /// The header came more than once.
    case repeated
    /// The session has no such event, or its stream is forgotten.
    case unknown
    /// What came after the event is not kept any more.
    case forgotten

    /// Always 400: that the session is found is what 404 would deny.
    var response: Response {
        let problem =
            switch self {
            case .repeated: "came more than once"
            case .unknown:
                "names no event that this session can go on from: its stream is unknown, or over for too long"
            case .forgotten: "names an event that is too long ago: some that came after it are not kept any more"
            }
        return .rpcRefusal(
            .badRequest, .invalidRequest, "the Last-Event-ID header \(problem); send GET without it to listen anew")
    }
}

extension SessionStreams {
    /// The stream that a GET wants to hear, with what it has missed of it: a new one if it names no event.
    func wanted(
        _ lastEventID: RequestFields.Field
    ) throws(ResumptionRefusal) -> (stream: ResumableStream, missed: [ByteBuffer]) {
        switch lastEventID {
        case .absent, .value(""): return (openStandalone(), [])
        case .repeated: throw .repeated
        case .value(let text):
            guard let id = EventID(text), let stream = stream(id.stream) else { throw .unknown }
            do throws(ReplayBuffer.Refusal) {
                return (stream, try stream.buffer.frames(after: id.event))
            } catch {
                switch error {
                case .unknown: throw .unknown
                case .forgotten: throw .forgotten
                }
            }
        }
    }
}
