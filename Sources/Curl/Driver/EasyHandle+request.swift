internal import CCurl
internal import NIOCore

extension EasyHandle {
    /// Sets all options for one request.
    ///
    /// - Parameters:
    ///   - url: where to send it, which is not the request's own URL after a redirect.
    ///   - timeout: the milliseconds that are left for everything.
    func prepare(_ request: HTTPRequest, lines: [String], to url: HTTPURL, timeout: Int64?) {
        reset()
        set(CURLOPT_URL, url.text)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_HTTP_VERSION, ccurl_http_2_over_tls)
        setFields(lines)
        setMethod(request)
        setTimes(request, timeout: timeout)
        setTLS(request.tls)
        setConnection(isLoopback: url.isLoopback)
    }

    private func setMethod(_ request: HTTPRequest) {
        if request.body != nil || request.method == .post {
            set(CURLOPT_POST, true)
            if let body = request.body {
                body.withUnsafeReadableBytes { setBody($0) }
            } else {
                setBody(UnsafeRawBufferPointer(start: nil, count: 0))
            }
        }
        if request.method == .delete || (request.method == .get && request.body != nil) {
            set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
    }

    private func setTimes(_ request: HTTPRequest, timeout: Int64?) {
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(request.connectTimeout.milliseconds))
        if let timeout { set(CURLOPT_TIMEOUT_MS, Int(timeout)) }
        // Common servers (uvicorn, Node's http) close what is idle for five seconds. A request that meets that moment
        // is lost, and only some may be sent again.
        if request.method == .post { set(CURLOPT_MAXAGE_CONN, 3) }
    }

    private func setTLS(_ settings: TLSSettings) {
        set(CURLOPT_SSLVERSION, ccurl_tls_1_2)
        if let caFile = settings.caFile { set(CURLOPT_CAINFO, caFile) }
        // Read together with a file, the directory would be trusted too; and libcurl keeps in memory only what comes
        // from a file alone, while reading all authorities takes as long as many requests.
        if settings.caFile != nil || Self.hasDefaultCAFile { set(CURLOPT_CAPATH, nil) }
        set(CURLOPT_CA_CACHE_TIMEOUT, 300)
        if let certificateFile = settings.certificateFile {
            set(CURLOPT_SSLCERT, certificateFile)
            set(CURLOPT_SSLKEY, settings.keyFile ?? certificateFile)
            // Or OpenSSL would ask the terminal for it.
            set(CURLOPT_KEYPASSWD, "")
        }
        if settings.isInsecure {
            set(CURLOPT_SSL_VERIFYPEER, false)
            set(CURLOPT_SSL_VERIFYHOST, false)
        }
    }

    private func setConnection(isLoopback: Bool) {
        set(CURLOPT_NOSIGNAL, true)
        // Otherwise ending a transfer while its name is resolved waits for the resolver, and all others with it.
        set(CURLOPT_QUICK_EXIT, true)
        set(CURLOPT_TCP_NODELAY, true)
        set(CURLOPT_TCP_KEEPALIVE, true)
        set(CURLOPT_TCP_KEEPIDLE, 30)
        set(CURLOPT_TCP_KEEPINTVL, 10)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
        // Empty means none, in spite of the environment.
        if isLoopback { set(CURLOPT_PROXY, "") }
    }

    private static let hasDefaultCAFile = ccurl_default_ca_file() != nil
}
