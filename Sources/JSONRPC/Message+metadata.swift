public import NIOCore

extension Message {
    /// The message on one line with another `params._meta` in the place of its own, a JSON object; without one, as it
    /// came. Where everything stands afterwards is known without reading it again.
    public func replacing(meta: ByteBuffer) -> Message {
        guard let old = envelope.paramsMeta else { return self }
        let move = Move(of: old, to: meta.readableBytes)
        var envelope = envelope
        envelope.id = move(envelope.id)
        envelope.method = move(envelope.method)
        envelope.params = move(envelope.params)
        envelope.paramsName = move(envelope.paramsName)
        envelope.paramsURI = move(envelope.paramsURI)
        envelope.paramsMeta = move(envelope.paramsMeta)
        envelope.progressToken = move(envelope.progressToken)
        envelope.cancelledRequestID = move(envelope.cancelledRequestID)
        envelope.result = move(envelope.result)
        envelope.error = move(envelope.error)
        if envelope.metaProgressToken != nil {
            let token = JSONOutline.picking(["progressToken"], from: meta)?.values[0] ?? nil
            envelope.metaProgressToken = token.map { $0.lowerBound + old.lowerBound..<$0.upperBound + old.lowerBound }
        }
        envelope.containsLineBreaks = false
        return Message(bytes: replacing((old, meta)), envelope: envelope)
    }
}

/// Where a stretch is when another one, which it contains or does not touch, has got another length.
private struct Move {
    private let old: Range<Int>
    private let growth: Int

    init(of old: Range<Int>, to length: Int) {
        self.old = old
        growth = length - old.count
    }

    func callAsFunction(_ range: Range<Int>?) -> Range<Int>? {
        range.map { range in
            let start = range.lowerBound < old.upperBound ? range.lowerBound : range.lowerBound + growth
            let end = range.upperBound <= old.lowerBound ? range.upperBound : range.upperBound + growth
            return start..<end
        }
    }
}
