import Foundation

/// Tools about what exactly travels, and how much of it.
extension ToolCall {
    /// The arguments as text and as they are, and the whole line as it was received.
    func echo() async {
        let arguments = request.arguments.description
        let structured = #"{"arguments":\#(arguments),"line":\#(JSONText.quoted(request.line))}"#
        await reply(text: arguments, members: #","structuredContent":\#(structured)"#)
    }

    /// `{method}`: the lines received so far, or those of that method, as a JSON array of strings.
    func received() async {
        let lines = await server.journal.received(method: request.arguments["method"]?.string)
        await reply(text: "[" + lines.map(JSONText.quoted).joined(separator: ",") + "]")
    }

    /// `{bytes, idLast}`: an answer with a text of so many bytes, on request with its id after the text.
    func big() async {
        let text = String(repeating: "b", count: request.arguments["bytes"]?.integer ?? 1 << 20)
        let result = #""result":{"content":[{"type":"text","text":"\#(text)"}]}"#
        let id = #""id":\#(request.id)"#
        let idLast = request.arguments["idLast"]?.boolean == true
        await server.output.message(#"{"jsonrpc":"2.0",\#(idLast ? result : id),\#(idLast ? id : result)}"#)
    }

    /// `{bytes}`: so much on stderr before the answer.
    func floodStandardError() async {
        StandardError.flood(bytes: request.arguments["bytes"]?.integer ?? 1 << 20)
        await reply(text: "flooded")
    }

    /// `{exit, signal, answer}`: dies by exit status (70) or by signal, on request right after its answer.
    func crash() async {
        if request.arguments["answer"]?.boolean == true { await reply(text: "my last words") }
        if let number = request.arguments["signal"]?.integer {
            StandardError.write("fixture-server: dying of signal \(number)\n")
            signal(Int32(number), SIG_DFL)
            kill(getpid(), Int32(number))
            while true { pause() }
        }
        StartUp.leave(Int32(request.arguments["exit"]?.integer ?? 70), because: "crashing as asked")
    }
}
