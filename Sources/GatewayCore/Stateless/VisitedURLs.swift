internal import JSONRPC
internal import NIOCore

/// Whether a client has been where a server sent it before its call can be made (-32042), as its answers tell.
enum VisitedURLs {
    /// Everywhere.
    case all
    /// It does not want to.
    case refused
    /// It has not said so of each.
    case missing

    init(_ visits: [(key: String, request: ByteBuffer)], answers: [(key: String, result: ByteBuffer)]) {
        let actions = visits.map { visit -> String? in
            guard let answer = answers.last(where: { $0.key == visit.key }) else { return nil }
            let action = JSONOutline.members(of: answer.result)?.first { $0.key == "action" }
            return action.flatMap { JSONOutline.string($0.value) } ?? ""
        }
        if actions.contains(where: { $0 != nil && $0 != "accept" }) {
            self = .refused
        } else {
            self = actions.contains(nil) ? .missing : .all
        }
    }
}
