internal import GatewayCore
internal import JSONRPC
internal import NIOCore

/// The two streams of the admin API. Each of their events has a name and JSON data. Lives on the event loop.
enum AdminStream {
    /// How often the whole status is told although nothing has happened: calls in flight and sessions come and go.
    private static let interval = TimeAmount.seconds(5)

    /// `events`: `status` at first and now and then, `server` when one has changed, `reload` after each.
    static func openNews(_ control: any GatewayControl, _ eventLoop: any EventLoop, _ responder: Responder) {
        guard let stream = responder.startEvents() else { return }
        let bound = NIOLoopBound(stream, eventLoop: eventLoop)
        stream.send(event("status", AdminJSON.status(control)))
        let observer = control.observe { news in
            switch news {
            case .server(let name):
                guard let standing = AdminJSON.server(name, control) else { return }
                bound.value.send(event("server", standing))
            case .reload(let report): bound.value.send(event("reload", report.json))
            case .standardError: break
            }
        }
        let clock = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            bound.value.send(event("status", AdminJSON.status(control)))
        }
        stream.onLoss = {
            control.forget(observer)
            clock.cancel()
        }
    }

    /// `servers/NAME/stderr` as a stream of `line`.
    static func openLines(
        of server: String, after lines: [String], _ control: any GatewayControl, _ eventLoop: any EventLoop,
        _ responder: Responder
    ) {
        guard let stream = responder.startEvents() else { return }
        let bound = NIOLoopBound(stream, eventLoop: eventLoop)
        for line in lines { stream.send(event("line", JSONText.quotedBuffer(line))) }
        let observer = control.observe { news in
            guard case .standardError(server, let line) = news else { return }
            bound.value.send(event("line", JSONText.quotedBuffer(line)))
        }
        stream.onLoss = { control.forget(observer) }
    }

    /// JSON text of ours stands on one line.
    private static func event(_ name: StaticString, _ json: ByteBuffer) -> ByteBuffer {
        var frame = ByteBuffer()
        frame.writeStaticString("event: ")
        frame.writeStaticString(name)
        frame.writeStaticString("\ndata: ")
        frame.writeImmutableBuffer(json)
        frame.writeStaticString("\n\n")
        return frame
    }
}
