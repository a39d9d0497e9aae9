internal import CCurl
internal import NIOCore

/// A transfer that libcurl works on. Belongs to the thread of the client, and stays where it is while libcurl knows it.
final class LiveTransfer {
    /// What was decided in the midst of a transfer, which is then broken off.
    private enum Decision {
        case follow(HTTPURL)
        case fail(TransferFailure)
    }

    /// How it goes on when libcurl has ended it.
    enum Conclusion {
        /// It is over.
        case end(TransferFailure?)
        /// It is to be prepared and started again.
        case again
    }

    let order: TransferOrder
    let handle: EasyHandle

    private var url: HTTPURL
    /// When the total timeout ends.
    private let deadline: Int64?
    private var redirects = 0
    private var decision: Decision?
    private var reader = ResponseHeadReader()
    private var hasHead = false
    private var idleness: Idleness
    /// How often libcurl has begun to send this request to this URL.
    private var attempts = 0
    /// Whether it has ever begun to send it.
    private var wasSent = false

    init(_ order: TransferOrder, handle: EasyHandle, now: Int64) {
        self.order = order
        self.handle = handle
        url = order.request.url
        deadline = order.request.totalTimeout.map { now + $0.milliseconds }
        idleness = Idleness(timeout: order.request.idleTimeout?.milliseconds)
    }

    /// Makes the handle ready to be started.
    func prepare(now: Int64) throws(TransferFailure) {
        let lines = try order.request.headerLines()
        handle.prepare(order.request, lines: lines, to: url, timeout: deadline.map { max($0 - now, 1) })
        handle.set(receiver)
        if let code = handle.failure { throw TransferFailure(code, circumstances) }
    }

    private var receiver: ccurl_receiver {
        ccurl_receiver(
            context: Unmanaged.passUnretained(self).toOpaque(),
            header: { bytes, size, count, context in
                let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
                return LiveTransfer.at(context).receiveHeader(line) ? line.count : ccurl_write_error
            },
            body: { bytes, size, count, context in
                LiveTransfer.at(context).receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
            },
            request: { context, _, _, _, _ in
                LiveTransfer.at(context).beginRequest() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
            })
    }

    /// The transfer of a handle or callback.
    static func at(_ context: UnsafeMutableRawPointer?) -> LiveTransfer {
        guard let context else { preconditionFailure("libcurl has lost the context of a transfer") }
        return Unmanaged<LiveTransfer>.fromOpaque(context).takeUnretainedValue()
    }

    // MARK: What libcurl reports

    /// The connection is there; the request is sent next. False to break it off.
    private func beginRequest() -> Bool {
        guard !order.transfer.isCancelled else { return false }
        attempts += 1
        // libcurl sends a request again when a connection that was kept breaks before an answer. The server may have
        // got it all the same, and a POST is never to be done twice (RFC 9110 §9.2.2).
        guard attempts == 1 || order.request.method != .post else {
            return decide(.fail(TransferFailure(CURLE_GOT_NOTHING, circumstances)))
        }
        wasSent = true
        idleness.begin(at: Monotonic.now())
        return true
    }

    /// False to break it off.
    private func receiveHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        guard decision == nil, !order.transfer.isCancelled else { return false }
        idleness.noteActivity(at: Monotonic.now())
        switch reader.read(line) {
        case .more: return true
        case .complete(let head): return receive(head)
        case .refused(let reason):
            return decide(.fail(failure(.protocolViolation, reason)))
        }
    }

    private func receive(_ head: HTTPResponseHead) -> Bool {
        switch RedirectRule.verdict(on: head, to: order.request.method, at: url, followed: redirects) {
        case .accept:
            hasHead = true
            var head = head
            head.url = url
            order.onEvent(.head(head))
            return true
        case .follow(let target):
            decision = .follow(target)
            // The connection can be kept if there is nothing more to come. Nobody waits for the rest of a redirect.
            return head.first("content-length") == "0" && head.first("transfer-encoding") == nil
        case .refuse(let reason):
            return decide(.fail(failure(.redirected, reason)))
        }
    }

    private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard decision == nil, !order.transfer.isCancelled else { return ccurl_write_error }
        idleness.noteActivity(at: Monotonic.now())
        guard order.transfer.admit(bytes.count) else {
            idleness.pause()
            return ccurl_write_pause
        }
        if !bytes.isEmpty { order.onEvent(.body(ByteBuffer(bytes: bytes))) }
        return bytes.count
    }

    private func decide(_ decision: Decision) -> Bool {
        self.decision = decision
        return false
    }

    // MARK: What the driver asks

    /// The receiver can take more. libcurl may deliver within this call what it has kept.
    func resume() {
        idleness.begin(at: Monotonic.now())
        // Fails only if there is no connection, and with it nothing to resume.
        curl_easy_pause(handle.pointer, ccurl_pause_nothing)
    }

    /// Whether nothing has happened for too long, in either direction, or when to ask again; `nil`: never.
    func checkIdleness(at now: Int64) -> Idleness.Verdict? {
        idleness.check(at: now, sent: ccurl_get_size(handle.pointer, CURLINFO_SIZE_UPLOAD_T))
    }

    /// libcurl has ended it with this result.
    func conclude(_ code: CURLcode, now: Int64) -> Conclusion {
        if order.transfer.isCancelled { return .end(cancellation) }
        switch decision {
        case .fail(let failure): return .end(failure)
        case .follow(let target):
            url = target
            redirects += 1
            decision = nil
            reader = ResponseHeadReader()
            attempts = 0
            return .again
        case nil: break
        }
        if code == CURLE_OPERATION_TIMEDOUT { return .end(timeout(now: now)) }
        return .end(code == CURLE_OK ? nil : TransferFailure(code, circumstances))
    }

    /// A failure of this kind, for this reason.
    func failure(_ kind: TransferFailure.Kind, _ reason: String) -> TransferFailure {
        TransferFailure(kind, wasSent: wasSent, reason)
    }

    /// The end of a transfer that is given up.
    var cancellation: TransferFailure { .cancelled(wasSent: wasSent) }

    /// The end of a transfer on which nothing has happened for too long.
    var idleFailure: TransferFailure {
        failure(.timedOut, "nothing came for \(order.request.idleTimeout ?? .zero)")
    }

    private func timeout(now: Int64) -> TransferFailure {
        if let total = order.request.totalTimeout, attempts > 0 || deadline.map({ now >= $0 }) == true {
            return failure(.timedOut, "no complete answer within \(total)")
        }
        return failure(.timedOut, "no connection within \(order.request.connectTimeout)")
    }

    private var circumstances: TransferFailure.Circumstances {
        TransferFailure.Circumstances(
            wasSent: wasSent, hasHead: hasHead,
            errorNumber: Int32(truncatingIfNeeded: ccurl_get_long(handle.pointer, CURLINFO_OS_ERRNO)),
            proxyStatus: ccurl_get_long(handle.pointer, CURLINFO_HTTP_CONNECTCODE), text: handle.lastErrorText)
    }
}
