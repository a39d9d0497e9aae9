internal import CCurl
internal import Glibc

extension TransferFailure {
    static func cancelled(wasSent: Bool) -> TransferFailure {
        TransferFailure(.cancelled, wasSent: wasSent, "cancelled")
    }

    /// What libcurl knows about the end of a transfer.
    struct Circumstances {
        var wasSent = false
        /// Whether the head of the answer has come.
        var hasHead = false
        /// errno(3) of a failed connect.
        var errorNumber: Int32 = 0
        /// What a proxy answered to CONNECT, or 0.
        var proxyStatus = 0
        /// libcurl's own words, which can quote host names and file names, but nothing that was sent.
        var text = ""
    }

    /// Translates libcurl's result, libcurl-errors(3). Timeouts are not told apart here.
    init(_ code: CURLcode, _ circumstances: Circumstances) {
        let (kind, clause) = Self.translate(code, circumstances)
        self.init(kind, wasSent: circumstances.wasSent, clause)
    }

    private static func translate(_ code: CURLcode, _ circumstances: Circumstances) -> (Kind, String) {
        if circumstances.proxyStatus >= 300, !circumstances.wasSent {
            return (.unreachable, "the proxy answered with status \(circumstances.proxyStatus)")
        }
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: return (.unreachable, "the host name cannot be resolved")
        case CURLE_COULDNT_RESOLVE_PROXY: return (.unreachable, "the host name of the proxy cannot be resolved")
        case CURLE_COULDNT_CONNECT: return (.unreachable, systemClause(circumstances.errorNumber) ?? "no connection")
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2_STREAM:
            return translateBreak(circumstances)
        case CURLE_HTTP2: return (.protocolViolation, "the two sides did not agree on HTTP/2")
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL:
            return (.protocolViolation, "the answer is not HTTP")
        // So it says of a head that begins with a folded line.
        case CURLE_BAD_FUNCTION_ARGUMENT where circumstances.wasSent && !circumstances.hasHead:
            return (.protocolViolation, "the answer is not HTTP")
        case CURLE_OPERATION_TIMEDOUT: return (.timedOut, "timed out")
        // libcurl 7.88 says so of a header line beyond 100 KB, too.
        case CURLE_OUT_OF_MEMORY where circumstances.wasSent && !circumstances.hasHead:
            return (.protocolViolation, "the head of the answer is too long")
        case CURLE_OUT_OF_MEMORY: return (.other, "no memory")
        case let code where tlsCodes.contains(code.rawValue):
            return (.tls, tlsClause(circumstances.text) ?? String(cString: curl_easy_strerror(code)))
        default: return (.other, String(cString: curl_easy_strerror(code)))
        }
    }

    /// libcurl has one code for several things that end a connection.
    private static func translateBreak(_ circumstances: Circumstances) -> (Kind, String) {
        if circumstances.text.contains("alert"), let clause = tlsClause(circumstances.text) { return (.tls, clause) }
        if circumstances.text.hasSuffix("in chunked-encoding") {
            return (.protocolViolation, "the answer is not properly divided into chunks")
        }
        let moment = circumstances.hasHead ? "in the middle of the answer" : "before an answer"
        return (.unreachable, "the connection broke \(moment)")
    }

    private static func systemClause(_ errorNumber: Int32) -> String? {
        guard errorNumber != 0 else { return nil }
        return String(cString: strerror(errorNumber)).lowercased()
    }

    /// OpenSSL's words without its numbers. Of `OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number` only
    /// the end helps; where libcurl names a file before, that does too.
    private static func tlsClause(_ text: String) -> String? {
        guard !text.isEmpty else { return nil }
        guard let number = text.ranges(of: "error:").first, let end = text.ranges(of: "::").last else { return text }
        let what = text[..<number.lowerBound].ranges(of: ", OpenSSL error").first.map { text[..<$0.lowerBound] }
        return "\(what ?? "TLS"): \(text[end.upperBound...].prefix { $0 != "," })"
    }

    private static let tlsCodes = Set(
        [
            CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_ENGINE_NOTFOUND,
            CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT, CURLE_USE_SSL_FAILED,
        ].map(\.rawValue))
}
