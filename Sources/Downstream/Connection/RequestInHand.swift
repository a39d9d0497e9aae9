internal import GatewayCore
internal import NIOCore
internal import NIOHTTP1

/// What a connection knows of the request that it is answering.
struct RequestInHand {
    /// Counts the connection's requests, so that a late answer is not given to the wrong one.
    let number: UInt64
    let isHead: Bool
    var closesAfterwards: Bool
    let log: RequestLog
    private let version: HTTPVersion
    private let allowedOrigin: String?

    /// Bytes that are no request, or none yet.
    init(after last: RequestInHand? = nil) {
        number = (last?.number ?? 0) + 1
        isHead = false
        closesAfterwards = true
        log = RequestLog(start: .now(), method: .RAW(value: "-"))
        version = .http1_1
        allowedOrigin = nil
    }

    init(
        _ head: HTTPRequestHead, _ fields: RequestFields, _ admission: RequestLadder.Admission,
        after last: RequestInHand, at now: NIODeadline
    ) {
        number = last.number + 1
        isHead = head.method == .HEAD
        // After a request for an upgrade the parser reads nothing more; HTTP/1.0 knows no chunks.
        closesAfterwards = !head.isKeepAlive || fields.asksForUpgrade || head.version == .http1_0
        log = RequestLog(start: now, method: head.method, label: admission.label, route: admission.route)
        version = head.version
        allowedOrigin = admission.allowedOrigin
    }

    /// The head of an answer, with the fields that every answer to this request has.
    func head(_ status: HTTPResponseStatus, _ headers: HTTPHeaders = HTTPHeaders()) -> HTTPResponseHead {
        guard status != .continue else { return HTTPResponseHead(version: version, status: status) }
        var headers = headers
        if closesAfterwards { headers.add(name: "connection", value: "close") }
        if let allowedOrigin { CrossOriginAccess.grant(allowedOrigin, in: &headers) }
        return HTTPResponseHead(version: version, status: status, headers: headers)
    }
}
