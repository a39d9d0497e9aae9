public import JSONRPC

extension LoggingLevel {
    /// The level of a `notifications/message`; `nil` if it has none that is known.
    public init?(of notification: Message) {
        guard
            let level = notification.params.flatMap({ JSONOutline.members(of: $0) })?.first(where: { $0.key == "level" }
            ),
            let name = JSONOutline.string(level.value)
        else { return nil }
        self.init(rawValue: name)
    }
}
