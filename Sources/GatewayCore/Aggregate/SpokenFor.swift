internal import JSONRPC
internal import MCP
internal import NIOCore

/// What a server says to people through an aggregate, with the server's name in it: who is asked for a password must
/// see who asks.
enum SpokenFor {
    /// A question of the server's: the name stands before the message of an elicitation, and before the system prompt
    /// of a sampling, which clients show for approval.
    static func question(_ message: Message, by server: String) -> Message {
        if message.isMethod("elicitation/create") {
            changing("message", in: message) { "\(server): \($0 ?? "")" }
        } else if message.isMethod("sampling/createMessage") {
            changing("systemPrompt", in: message) { "\(server): \($0 ?? "asked by this MCP server")" }
        } else {
            message
        }
    }

    /// A log message of the server's: its logger is one of the server's.
    static func logMessage(_ message: Message, by server: String) -> Message {
        changing("logger", in: message) { logger in logger.map { "\(server)/\($0)" } ?? server }
    }

    private static func changing(_ key: String, in message: Message, _ change: (String?) -> String) -> Message {
        guard let range = message.envelope.params, var members = JSONOutline.members(of: message.slice(range)) else {
            return message
        }
        let index = members.lastIndex { $0.key == key }
        let value = JSONText.quotedBuffer(change(index.flatMap { JSONOutline.string(members[$0].value) }))
        if let index { members[index].value = value } else { members.append((key, value)) }
        return (try? Message(message.replacing((range, JSONText.object(members))))) ?? message
    }
}
