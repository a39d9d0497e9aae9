import Testing

@testable import Curl

@Suite struct RedirectRuleTests {
    private static let url = "https://me:pw@a.example/mcp?token=s3cret"

    private func verdict(
        _ status: Int, _ location: String?, _ method: HTTPRequest.Method = .get, followed: Int = 0
    ) throws -> RedirectRule.Verdict {
        let fields = location.map { [HTTPField("location", $0)] } ?? []
        return RedirectRule.verdict(
            on: HTTPResponseHead(status: status, fields: fields), to: method, at: try HTTPURL(Self.url),
            followed: followed)
    }

    @Test("what each method follows", arguments: [301, 302, 303, 307, 308])
    func methods(status: Int) throws {
        let target = RedirectRule.Verdict.follow(try HTTPURL("https://me:pw@a.example/mcp/"))
        #expect(try verdict(status, "/mcp/", .get) == target)
        for method in [HTTPRequest.Method.post, .delete] {
            let changed = "a \(method.rawValue) was redirected as if it were a GET, to https://a.example:443"
            #expect(try verdict(status, "/mcp/", method) == (status >= 307 ? target : .refuse(changed)))
        }
    }

    @Test("answers that are no redirects", arguments: [200, 201, 300, 304, 305, 306, 309, 404, 500])
    func others(status: Int) throws {
        #expect(try verdict(status, "https://b.example/") == .accept)
    }

    @Test("a redirect without a place is an answer")
    func nowhere() throws {
        #expect(try verdict(302, nil) == .accept)
    }

    @Test(
        "another scheme, host or port is another origin",
        arguments: [
            ("http://a.example/mcp/", "http://a.example:80"), ("https://a.example:8443/", "https://a.example:8443"),
            ("//b.example/?token=s3cret#x", "https://b.example:443"), ("http://a.example:443/", "http://a.example:443"),
            ("https://u:s3cret@b.example/", "https://b.example:443"),
        ])
    func origins(location: String, origin: String) throws {
        #expect(try verdict(307, location, .post) == .refuse("redirected to another origin, \(origin)"))
    }

    @Test("what cannot be read is refused without being quoted", arguments: ["ftp://a.example/", "https://a b/", "//"])
    func unreadable(location: String) throws {
        #expect(try verdict(302, location) == .refuse("redirected to what is no http or https URL"))
    }

    @Test("the sixth in a row is refused")
    func bound() throws {
        #expect(try verdict(302, "/x", followed: 4) == .follow(try HTTPURL("https://me:pw@a.example/x")))
        #expect(
            try verdict(302, "/x?token=s3cret", followed: 5)
                == .refuse("redirected more than 5 times, last to https://a.example:443"))
    }
}
