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
        let (id, answers) = await send(method: method, params: params)
        let answer = await Race.first(of: answers, within: .seconds(seconds))
        waiting.removeValue(forKey: id)
        return answer
    }

    /// `{"result":…}` or `{"error":…}`, as it was answered.
    func outcome(method: String, params: String) async -> String {
        guard let line = await ask(method: method, params: params, seconds: 60) else {
            return #"{"error":{"code":-32001,"message":"no answer"}}"#
        }
        let answer = RawJSON(line)
        if let error = answer["error"] { return #"{"error":\#(error.description)}"# }
        return #"{"result":\#(answer["result"]?.description ?? "null")}"#
    }

    /// Takes the question back after that time, and ignores an answer.
    func askAndWithdraw(method: String, params: String, after time: Duration) async {
        let (id, _) = await send(method: method, params: params)
        try? await Task.sleep(for: time)
        waiting.removeValue(forKey: id)
        let notice = #"{"requestId":\#(id),"reason":"no longer wanted"}"#
        await output.message(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":\#(notice)}"#)
    }

    private func send(method: String, params: String) async -> (id: String, answers: AsyncStream<String>) {
        counter += 1
        let id = JSONText.quoted("fixture-\(counter)")
        let (answers, continuation) = AsyncStream.makeStream(of: String.self)
        waiting[id] = continuation
        await output.message(#"{"jsonrpc":"2.0","id":\#(id),"method":\#(JSONText.quoted(method)),"params":\#(params)}"#)
        return (id, answers)
    }

    func answered(id: String, line: String) {
        guard let continuation = waiting.removeValue(forKey: id) else { return }
        continuation.yield(line)
        continuation.finish()
    }
}
