/// Whether a redirect is followed: only where the same server answers, and only if that cannot change the request.
enum RedirectRule {
    /// What to do with an answer.
    enum Verdict: Equatable {
        /// It is the answer.
        case accept
        /// The same request is to be sent there.
        case follow(HTTPURL)
        /// The transfer ends, for this reason.
        case refuse(String)
    }

    /// How many redirects in a row are followed.
    static let limit = 5

    /// Judges a head (RFC 9110 §15.4).
    ///
    /// - Parameters:
    ///   - followed: how many redirects of this transfer have been followed before.
    static func verdict(
        on head: HTTPResponseHead, to method: HTTPRequest.Method, at url: HTTPURL, followed: Int
    ) -> Verdict {
        guard [301, 302, 303, 307, 308].contains(head.status), let location = head.first("location") else {
            return .accept
        }
        guard let target = try? url.resolving(location) else {
            return .refuse("redirected to what is no http or https URL")
        }
        if target.origin != url.origin { return .refuse("redirected to another origin, \(target.origin)") }
        // Clients make a GET of it, RFC 9110 §15.4.2.
        if method != .get, head.status < 307 {
            return .refuse("a \(method.rawValue) was redirected as if it were a GET, to \(target.origin)")
        }
        if followed >= limit { return .refuse("redirected more than \(limit) times, last to \(target.origin)") }
        return .follow(target)
    }
}
