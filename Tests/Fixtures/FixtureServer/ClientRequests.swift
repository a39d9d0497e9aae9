/// Requests this server sends to its client, and their answers.
actor ClientRequests {
    private let output: Output
    private var counter = 0
    private var waiting: [String: AsyncStream<String>.Continuation] = [:]

    init(output: Output) {
        self.output = output
    }

    /// The answer's whole line, or nil when none came within `seconds`.
    func ask(method: String, params: String, seconds: Int = 10) async -> String? {
        counter += 1
        let id = JSONText.quoted("fixture-\(counter)")
        let (answers, continuation) = AsyncStream.makeStream(of: String.self)
        waiting[id] = continuation
        await output.message(#"{"jsonrpc":"2.0","id":\#(id),"method":\#(JSONText.quoted(method)),"params":\#(params)}"#)
        let answer = await Race.first(of: answers, within: .seconds(seconds))
        waiting.removeValue(forKey: id)
        return answer
    }

    func answered(id: String, line: String) {
        guard let continuation = waiting.removeValue(forKey: id) else { return }
        continuation.yield(line)
        continuation.finish()
    }
}
