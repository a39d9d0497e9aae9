/// Tools about time: waiting, cancelling, progress.
extension ToolCall {
    /// `{ms}`: answers after that time; says nothing at all when cancelled before.
    func sleep() async {
        guard await Race.sleep(milliseconds("ms", otherwise: 1000), unlessEnded: request.end) else { return }
        await reply(text: "slept")
    }

    /// `{ms}`: waits to be cancelled, but no longer than that, and answers all the same.
    func late() async {
        let slept = await Race.sleep(milliseconds("ms", otherwise: 1000), unlessEnded: request.end)
        await reply(text: slept ? "never cancelled" : "answered although cancelled")
    }

    /// `{steps, ms}`: so many notifications with the token of the request, `ms` apart, then the answer.
    func progress() async {
        let steps = request.arguments["steps"]?.integer ?? 3
        for step in stride(from: 1, through: steps, by: 1) {
            guard let token = request.progressToken else { break }
            await server.notify(
                "notifications/progress",
                params: #"{"progressToken":\#(token),"progress":\#(step),"total":\#(steps),"message":"step \#(step)"}"#)
            // Not `Race`: it can wait for the end of a request only once.
            try? await Task.sleep(for: milliseconds("ms", otherwise: 1))
            if await server.journal.isCancelled(id: request.id) { return }
        }
        await reply(text: "made \(steps) steps")
    }
}
