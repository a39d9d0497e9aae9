internal import CCurl

/// A URL taken to pieces by libcurl, curl_url(3).
struct URLParts: ~Copyable {
    private let handle: OpaquePointer

    /// `http` or `https`.
    let scheme: String

    /// Stricter than libcurl, which also takes `http:/host` and `http:///host`.
    init(_ text: String) throws(HTTPURLError) {
        guard let scheme = Self.scheme(of: text) else { throw .unsupported }
        // A NUL would end the text for libcurl, and nobody else.
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw .malformed("it contains a space or control character")
        }
        guard let handle = curl_url() else { throw .malformed("there is no memory to read it") }
        let code = curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_URLENCODE))
        guard code == CURLUE_OK else {
            curl_url_cleanup(handle)
            throw .malformed(String(cString: curl_url_strerror(code)))
        }
        self.handle = handle
        self.scheme = scheme
    }

    deinit {
        curl_url_cleanup(handle)
    }

    /// A piece as it is written, `nil` if the URL has none.
    subscript(part: CURLUPart) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    /// The host in lower case. An IPv6 address is in brackets, with its zone (RFC 6874).
    var host: String {
        let host = (self[CURLUPART_HOST] ?? "").lowercased()
        guard let zone = self[CURLUPART_ZONEID] else { return host }
        return "\(host.dropLast())%25\(zone)]"
    }

    private static func scheme(of text: String) -> String? {
        let scheme = text.prefix { $0 != ":" }.lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text.dropFirst(scheme.count)
        return rest.hasPrefix("://") && !rest.hasPrefix(":///") ? scheme : nil
    }
}
