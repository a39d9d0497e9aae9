internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// Which arguments of which tools of one route go into headers, too: asked of the server when the first call needs to
/// know, and again when its list has changed.
///
/// Nearly no server has any, and then a call costs one look at an empty dictionary. Bound to the event loop.
final class ParameterBook {
    private enum Knowledge {
        case none
        case asking([Question])
        case complete([ExactText: ParameterHeaders])
    }

    private struct Question {
        let tool: String
        let completion: (ParameterHeaders?) -> Void
    }

    private let eventLoop: any EventLoop
    /// Whose tools these are.
    let callee: any Callee
    private let caller: Caller
    private var knowledge = Knowledge.none
    private var gathered: [ExactText: ParameterHeaders] = [:]
    private var pages = 0
    private var count = 0

    /// How many pages of the list are read; what stands on later ones is not checked.
    private static let pageLimit = 100
    /// How many calls wait for the list; further ones are not checked.
    private static let waitingLimit = 1024

    init(_ callee: any Callee, caller: Caller, eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.callee = callee
        self.caller = caller
    }

    func begin() { callee.attach(Link(book: bound), as: caller) }

    func end() {
        callee.detach(caller.id)
        settle([:])
    }

    /// Whether it is known that no tool has any.
    var isEmpty: Bool {
        guard case .complete(let tools) = knowledge else { return false }
        return tools.isEmpty
    }

    /// Tells which arguments of a tool go into headers: at once if that is known, else when the server has answered.
    func lookUp(_ tool: String, _ completion: @escaping (ParameterHeaders?) -> Void) {
        switch knowledge {
        case .complete(let tools):
            completion(tools[ExactText(tool)])
        case .asking(let waiting) where waiting.count >= Self.waitingLimit:
            completion(nil)
        case .asking(let waiting):
            knowledge = .asking(waiting + [Question(tool: tool, completion: completion)])
        case .none:
            knowledge = .asking([Question(tool: tool, completion: completion)])
            (gathered, pages) = ([:], 0)
            ask(cursor: nil)
        }
    }

    /// The same as far as it is known now.
    func known(_ tool: String) -> ParameterHeaders? {
        guard case .complete(let tools) = knowledge else { return nil }
        return tools[ExactText(tool)]
    }

    private func ask(cursor: ByteBuffer?) {
        count += 1
        pages += 1
        let id = RequestID(count)
        let params = JSONText.object(cursor.map { [("cursor", $0)] } ?? [])
        let request = MessageBuilder.request(id: id, method: "tools/list", params: params)
        guard let message = try? Message(request) else { return settle(gathered) }
        callee.call(message, id: id, by: caller, headers: [], sink: Link(book: bound))
    }

    private func read(_ answer: Answer) {
        guard case .asking = knowledge else { return }
        guard case .message(let bytes) = answer, let result = (try? Message(bytes))?.result,
            let members = JSONOutline.members(of: result)
        else {
            // Asked again by the next call.
            settle(gathered)
            knowledge = .none
            return
        }
        if ParameterHeaders.mayHaveAny(result) {
            let tools = members.first { $0.key == "tools" }.flatMap { JSONOutline.elements(of: $0.value) } ?? []
            for tool in tools { note(tool) }
        }
        guard let cursor = members.first(where: { $0.key == "nextCursor" })?.value,
            JSONOutline.string(cursor) != nil, pages < Self.pageLimit
        else { return settle(gathered) }
        ask(cursor: cursor)
    }

    private func note(_ tool: ByteBuffer) {
        let members = JSONOutline.members(of: tool) ?? []
        guard let name = members.first(where: { $0.key == "name" }).flatMap({ JSONOutline.string($0.value) }),
            let schema = members.first(where: { $0.key == "inputSchema" })?.value,
            let headers = try? ParameterHeaders(inputSchema: schema), !headers.parameters.isEmpty
        else { return }
        gathered[ExactText(name)] = headers
    }

    private func settle(_ tools: [ExactText: ParameterHeaders]) {
        guard case .asking(let waiting) = knowledge else { return }
        knowledge = .complete(tools)
        for question in waiting { question.completion(tools[ExactText(question.tool)]) }
    }

    private func forget() {
        if case .complete = knowledge { knowledge = .none }
    }

    private var bound: NIOLoopBound<ParameterBook> { NIOLoopBound(self, eventLoop: eventLoop) }

    /// The book as the server sees it.
    private struct Link: CallerSink, ServerObserver {
        let book: NIOLoopBound<ParameterBook>

        func deliver(_ message: ByteBuffer) -> Bool { false }

        func finish(_ answer: Answer) { book.value.read(answer) }

        func listChanged(_ feature: Feature) {
            if feature == .tools { book.value.forget() }
        }

        func described(_ description: ServerDescription) { book.value.forget() }
        func notified(_ notification: Message) {}
        /// It declared nothing that could be asked, and so is not asked.
        func asked(_ request: ServerRequest) {}
        func withdrawn(_ request: ServerRequestID) {}
    }
}
