public import NIOCore

extension Message {
    /// The method, its escapes decoded; nil for a response.
    public var methodName: String? {
        envelope.method.map { inner in
            bytes.withUnsafeReadableBytes { JSONString.decode(UnsafeRawBufferPointer(rebasing: $0[inner])) }
        }
    }

    /// Whether this is a request or notification of that method. Decodes nothing unless the sender wrote escapes.
    public func isMethod(_ name: StaticString) -> Bool {
        guard let inner = envelope.method else { return false }
        return bytes.withUnsafeReadableBytes { memory in
            name.withUTF8Buffer { name in
                let spelling = UnsafeRawBufferPointer(rebasing: memory[inner])
                if envelope.methodIsEscaped { return JSONString.unescape(spelling).elementsEqual(name) }
                return spelling.count == name.count && spelling.elementsEqual(name)
            }
        }
    }

    /// The whole `params` object.
    public var params: ByteBuffer? {
        envelope.params.map(slice)
    }

    /// The whole `result` value.
    public var result: ByteBuffer? {
        envelope.result.map(slice)
    }

    /// The whole `error` value.
    public var error: ByteBuffer? {
        envelope.error.map(slice)
    }

    /// `params.name` decoded: the tool of a `tools/call`, the prompt of a `prompts/get`.
    public var paramsName: String? {
        envelope.paramsName.map(text)
    }

    /// `params.uri` decoded: the resource of a `resources/read`.
    public var paramsURI: String? {
        envelope.paramsURI.map(text)
    }

    /// The characters of a string that was read as one already.
    private func text(_ range: Range<Int>) -> String {
        bytes.withUnsafeReadableBytes {
            JSONString.decode(UnsafeRawBufferPointer(rebasing: $0[range.lowerBound + 1..<range.upperBound - 1]))
        }
    }

    /// The token under which the requester of this request wants to hear of its progress, as JSON text.
    public var metaProgressToken: ByteBuffer? {
        envelope.metaProgressToken.map(slice)
    }

    /// The token on which this `notifications/progress` reports, as JSON text.
    public var progressToken: ByteBuffer? {
        envelope.progressToken.map(slice)
    }

    /// The request that this `notifications/cancelled` cancels.
    public var cancelledRequestID: RequestID? {
        envelope.cancelledRequestID.map { RequestID(json: slice($0)) }
    }
}
