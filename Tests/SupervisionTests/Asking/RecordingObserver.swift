import JSONRPC
import MCP
import NIOCore
import Supervision
import Synchronization

/// An observer that keeps what it hears as text, for a test to wait for, and the questions to answer them.
final class RecordingObserver: ServerObserver {
    private let words: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation
    private let questions = Mutex<[ServerRequestID]>([])

    init() { (words, continuation) = AsyncStream.makeStream() }

    func listChanged(_ feature: Feature) { continuation.yield("changed \(feature.rawValue)") }
    func described(_ description: ServerDescription) { continuation.yield("described") }
    func notified(_ notification: Message) { continuation.yield(String(buffer: notification.bytes)) }

    func asked(_ request: ServerRequest) {
        questions.withLock { $0.append(request.id) }
        let place = request.sink == nil ? "alone" : "in a call"
        continuation.yield("asked \(request.message.methodName ?? "") \(place)")
    }

    func withdrawn(_ request: ServerRequestID) {
        let index = questions.withLock { $0.firstIndex(of: request) }
        continuation.yield("withdrawn \(index.map { $0 + 1 } ?? 0)")
    }

    /// The questions so far.
    var ids: [ServerRequestID] { questions.withLock { $0 } }

    /// Waits until it hears this; what comes before is skipped.
    func hears(_ word: String) async -> Bool { await words.first { $0 == word } != nil }

    /// Waits for the next thing it hears.
    func next() async -> String { await words.first { _ in true } ?? "" }
}

extension Message {
    /// A message of this text.
    init(_ text: String) throws { try self.init(ByteBuffer(string: text)) }
}

enum Questions {
    static func elicitation(id: String, meta: String = "") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"elicitation/create","params":{"message":"?"\#(meta)}}"#
    }

    static func call(_ id: Int, _ tool: String = "t") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"\#(tool)"}}"#
    }

    static func result(id: String) -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"result":{"action":"accept"}}"#
    }
}
