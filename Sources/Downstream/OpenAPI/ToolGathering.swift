internal import GatewayCore
internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// All tools of a route and what is known of it, for its OpenAPI document: asked for anew each time. Lives on the event
/// loop.
final class ToolGathering {
    /// How many pages are asked for. A server that has more, or never ends, is told about as far as that.
    static let pageLimit = 50
    /// How many bytes of tools are taken, in the same way.
    static let byteLimit = 4 << 20

    /// What came of it.
    enum Outcome {
        case tools(ServerDescription, [OpenAPITool])
        case failure(PlainCaller.Outcome)
    }

    private let caller: PlainCaller
    private let eventLoop: any EventLoop
    private var description: ServerDescription?
    private var tools: [OpenAPITool] = []
    private var pages = 0
    private var bytes = 0
    private var done: ((Outcome) -> Void)?
    private let onGrowth: (Int) -> Void

    /// - Parameters:
    ///   - onGrowth: is told how many bytes are held.
    ///   - done: called once, unless it is given up before.
    init(
        _ caller: PlainCaller, on eventLoop: any EventLoop, onGrowth: @escaping (Int) -> Void,
        done: @escaping (Outcome) -> Void
    ) {
        self.caller = caller
        self.eventLoop = eventLoop
        self.onGrowth = onGrowth
        self.done = done
    }

    /// Begins to ask. It lives until it is done or given up.
    func begin() {
        let gathering = NIOLoopBound(self, eventLoop: eventLoop)
        caller.assumeIsolated { caller in
            caller.describe { result in
                switch result {
                case .success(let description): gathering.value.described(description)
                case .failure(let unavailability): gathering.value.end(.failure(.unavailable(unavailability)))
                }
            }
        }
    }

    /// Nobody waits any more.
    func giveUp() {
        done = nil
        caller.assumeIsolated { $0.leave() }
    }

    private func described(_ description: ServerDescription) {
        self.description = description
        guard description.features.contains(.tools) else { return end(.tools(description, [])) }
        ask(after: nil)
    }

    private func ask(after cursor: ByteBuffer?) {
        pages += 1
        let gathering = NIOLoopBound(self, eventLoop: eventLoop)
        caller.assumeIsolated { caller in
            caller.listTools(after: cursor) { gathering.value.take($0, after: cursor) }
        }
    }

    private func take(_ outcome: PlainCaller.Outcome, after cursor: ByteBuffer?) {
        guard let description else { return }
        guard case .result(let result) = outcome else { return end(.failure(outcome)) }
        let members = JSONOutline.members(of: result) ?? []
        let listed = members.first { $0.key == "tools" }.flatMap { JSONOutline.elements(of: $0.value) } ?? []
        for tool in listed {
            bytes += tool.readableBytes
            guard bytes <= Self.byteLimit else { return end(.tools(description, tools)) }
            if let tool = OpenAPITool(tool) { tools.append(tool) }
        }
        onGrowth(bytes)
        let next = members.first { $0.key == "nextCursor" }?.value
        guard let next, JSONOutline.string(next) != nil, pages < Self.pageLimit, next != cursor else {
            return end(.tools(description, tools))
        }
        ask(after: next)
    }

    private func end(_ outcome: Outcome) {
        guard let done = done.take() else { return }
        caller.assumeIsolated { $0.leave() }
        done(outcome)
    }
}
