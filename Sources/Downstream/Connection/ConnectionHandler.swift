internal import GatewayCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// One client connection: reads requests, has them checked and handled, and writes the answers, one after another.
///
/// NIO's pipelining handler stands before it, so that a request comes only when the one before has been answered.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    enum State {
        /// No request.
        case idle
        /// A request was let in; its body is coming.
        case receiving(AdmittedRequest)
        /// A request was answered early; the rest of it is thrown away for a while.
        case discarding
        /// The request is complete and its answer due.
        case answering
        /// The answer is a stream.
        case streaming(EventStream)
        /// Nothing more is read.
        case closing
    }

    let front: FrontDesk
    private(set) var context: ChannelHandlerContext?
    /// When it was opened, or the last answer written.
    private(set) var restingSince = NIODeadline.now()
    /// Whether no request has come yet.
    private(set) var isFresh = true
    var state = State.idle
    private var peer = Peer.unknown
    private var hostMemory = HostMemory()
    /// When the state has lasted too long.
    var deadline: NIODeadline?
    let traffic: TrafficMeter
    var reading: ReadingWatch

    var request: RequestInHand
    /// What has come of the body. Not in the state, from which it would be copied with each piece.
    var body: ByteBuffer?
    /// Bytes of the answer that wait elsewhere for the rest of it.
    var gatheredBytes = 0
    var countedBytes = 0
    var hasGivenUp = false
    /// Called if the client goes before the request in hand is answered.
    var onAbandonment: (() -> Void)?

    /// While an answer is written, the pipelining handler delivers the next request. Whoever gave the answer is still at
    /// work on it, so the request waits for the next turn of the event loop.
    private var isWriting = false
    private var early = CircularBuffer<HTTPServerRequestPart>(initialCapacity: 0)
    /// Whether what was written to a stream is flushed at the end of this turn of the event loop.
    var isFlushDue = false

    init(front: FrontDesk, traffic: TrafficMeter) {
        self.front = front
        self.traffic = traffic
        reading = ReadingWatch(patience: front.writeTimeout)
        request = RequestInHand()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        front.registry.add(self)
        deadline = restingSince + front.idleTimeout
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        front.registry.remove(self)
        settle()
    }

    func channelActive(context: ChannelHandlerContext) {
        peer = Peer(local: context.localAddress, remote: context.remoteAddress)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .streaming(let stream) = state { stream.outletIsGone() }
        state = .closing
        early.removeAll()
        onAbandonment.take()?()
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, case .streaming(let stream) = state { stream.outletIsWritable() }
        settle()
        context.fireChannelWritabilityChanged()
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        guard !isWriting, early.isEmpty else {
            if early.isEmpty { context.eventLoop.assumeIsolated().execute { self.readEarlyParts() } }
            early.append(part)
            return
        }
        read(part, context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        settle()
        context.fireChannelReadComplete()
    }

    private func readEarlyParts() {
        while let context, !isWriting, let part = early.first {
            read(part, context)
            if !early.isEmpty { early.removeFirst() }
        }
    }

    private func read(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        traffic.partCame()
        switch part {
        case .head(let head): readHead(head, context)
        case .body(let bytes): readBody(bytes, context)
        case .end:
            traffic.requestEnded()
            readEnd(context)
        }
    }

    private func readHead(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard case .idle = state else { return }
        isFresh = false
        let now = traffic.requestBegan ?? .now()
        let fields = RequestFields(head.headers)
        let admission = front.admit(head, fields, from: peer, memory: &hostMemory, at: now)
        request = RequestInHand(head, fields, admission, after: request, at: now)
        deadline = now + front.requestTimeout
        switch admission.outcome {
        case .success(let admitted):
            state = .receiving(admitted)
            if fields.expectsContinue, admitted.hasBody {
                context.writeAndFlush(wrapOutboundOut(.head(request.head(.continue))), promise: nil)
            }
        case .failure(let early):
            // A client that waits for the go-ahead will send its body, or not: who can tell where a next request begins?
            if fields.expectsContinue || early.response.status == .payloadTooLarge { request.closesAfterwards = true }
            state = .discarding
            write(early.response, context)
        }
    }

    private func readBody(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        switch state {
        case .receiving(let admitted):
            if admitted.hasBody { receive(bytes, context) }
        case .idle, .discarding, .answering, .streaming, .closing:
            break
        }
    }

    private func receive(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        guard (body?.readableBytes ?? 0) + bytes.readableBytes <= front.bodyLimit else {
            request.closesAfterwards = true
            state = .discarding
            body = nil
            return write(.tooLarge(limit: front.bodyLimit), context)
        }
        // Nearly every body comes in one piece, which is then not copied.
        if body?.writeImmutableBuffer(bytes) == nil { body = bytes }
    }

    private func readEnd(_ context: ChannelHandlerContext) {
        switch state {
        case .receiving(let admitted):
            state = .answering
            deadline = nil
            let body = self.body.take() ?? ByteBuffer()
            let responder = Responder(self, number: request.number, eventLoop: context.eventLoop)
            front.handle(admitted, body: body, responder: responder)
        case .discarding:
            if request.closesAfterwards { close(context) } else { becomeIdle() }
        case .idle, .answering, .streaming, .closing:
            break
        }
    }

    private func becomeIdle() {
        state = .idle
        restingSince = .now()
        deadline = restingSince + front.idleTimeout
    }

    /// The bytes were no HTTP/1.1. The decoder closes the connection after this.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
        switch state {
        case .idle:
            request = RequestInHand(after: request)
        case .receiving:
            request.closesAfterwards = true
        case .discarding, .answering, .streaming:
            return context.close(promise: nil)
        case .closing:
            // Bytes after the last request. The answer to that may not have left yet; the close comes after it.
            return
        }
        state = .answering
        let response: Response =
            error == .headerOverflow
            ? .headersTooLarge(limit: front.headerLimit)
            : .refusal(.badRequest, "malformed HTTP request", hint: "send HTTP/1.1")
        write(response, context)
    }

    // MARK: Answering

    func awaitsAnswer(to number: UInt64) -> Bool {
        guard number == request.number, context != nil, case .answering = state else { return false }
        return true
    }

    func answer(_ response: Response, to number: UInt64) {
        guard awaitsAnswer(to: number), let context else { return }
        write(response, context)
    }

    /// Writes a whole answer and goes to the state after it. An answer to a request that is still coming leaves the
    /// connection discarding the rest.
    func write(_ response: Response, _ context: ChannelHandlerContext) {
        request.log.write(response.status, to: front.logger, isAnswer: response.isAnswer)
        onAbandonment = nil
        let length = ("content-length", String(response.body.readableBytes))
        isWriting = true
        writeHead(response.status, HTTPHeaders(response.headers + CollectionOfOne(length)), context)
        if !request.isHead, response.body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(response.body))), promise: nil)
        }
        writeEnd(context)
        isWriting = false
        gatheredBytes = 0
        settle()
    }

    private func writeHead(_ status: HTTPResponseStatus, _ headers: HTTPHeaders, _ context: ChannelHandlerContext) {
        if front.registry.isDraining { request.closesAfterwards = true }
        context.write(wrapOutboundOut(.head(request.head(status, headers))), promise: nil)
    }

    private func writeEnd(_ context: ChannelHandlerContext) {
        guard case .discarding = state else {
            if request.closesAfterwards {
                close(context)
            } else {
                becomeIdle()
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
            return
        }
        deadline = .now() + front.discardTimeout
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// Closes the connection once everything written has left.
    private func close(_ context: ChannelHandlerContext) {
        let needsEnd: Bool
        switch state {
        case .answering, .streaming: needsEnd = true
        case .idle, .receiving, .discarding, .closing: needsEnd = false
        }
        state = .closing
        deadline = .now() + front.discardTimeout
        guard needsEnd else { return context.close(promise: nil) }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    func startEvents(_ headers: [(String, String)], to number: UInt64) -> EventStream? {
        guard awaitsAnswer(to: number), let context else { return nil }
        onAbandonment = nil
        request.log.write(.ok, to: front.logger, isStream: true)
        let stream = EventStream(outlet: self, settings: front.settings)
        state = .streaming(stream)
        gatheredBytes = 0
        var fields = HTTPHeaders(headers)
        fields.add(name: "content-type", value: "text/event-stream")
        fields.add(name: "cache-control", value: "no-cache, no-transform")
        // nginx would otherwise hold events back until its buffer is full.
        fields.add(name: "x-accel-buffering", value: "no")
        writeHead(.ok, fields, context)
        flushSoon()
        // Later, when the answers that are due on it are known.
        if front.registry.isDraining { eventLoop.assumeIsolated().execute { stream.drain() } }
        return stream
    }

    func finishStream() {
        guard case .streaming = state, let context else { return }
        isWriting = true
        writeEnd(context)
        isWriting = false
        settle()
    }
}
