extension LogRecord {
    /// One line for people: `server: message key=value …: reason`. It is the `MESSAGE` in the journal, too, since
    /// journalctl(1) shows nothing else unless it is asked to.
    public var line: String {
        var prefix = ""
        var object = ""
        var pairs = ""
        var clause = ""
        for item in fields {
            switch item.field?.place ?? .pair {
            case .prefix: prefix = "\(item.value.onOneLine): "
            case .source: prefix = "\(prefix.dropLast(2)) (\(item.value.onOneLine)): "
            case .object: object = " \(item.value.onOneLine)"
            case .pair: pairs += " \(item.key.onOneLine)=\(item.value.quotedIfNeeded)"
            case .clause: clause = ": \(item.value.onOneLine)"
            case .nowhere: break
            }
        }
        return prefix + message.onOneLine + object + pairs + clause
    }
}

extension LogField {
    /// Where in a line for people a field stands.
    fileprivate enum Place {
        /// Before the text.
        case prefix
        /// In brackets after the server's name.
        case source
        /// Right behind the text, which leads to it.
        case object
        /// Behind that, with its name.
        case pair
        /// At the end, behind a colon.
        case clause
        /// Not at all, since the text or the reason says it.
        case nowhere
    }

    fileprivate var place: Place {
        switch self {
        case .server: .prefix
        case .stream: .source
        case .url, .address: .object
        case .command, .summary, .reason: .clause
        case .phase, .exitStatus, .signal, .nextStart: .nowhere
        case .generation, .pid, .method, .tool, .requestID, .outcome, .errorCode, .httpMethod, .endpoint, .status,
            .eventStream, .duration, .session, .count, .bytes, .limit, .servers, .changes, .path, .user, .state,
            .errorNumber,
            .head:
            .pair
        }
    }
}

extension String {
    fileprivate var quotedIfNeeded: String {
        let clean = onOneLine
        guard clean.isEmpty || clean.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" }) else { return clean }
        return "\"\(clean.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }
}
