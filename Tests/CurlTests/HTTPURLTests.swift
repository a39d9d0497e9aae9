import Testing

@testable import Curl

@Suite struct HTTPURLTests {
    @Test(
        "a URL is taken to its pieces",
        arguments: [
            ("http://example.com", "http://example.com:80", "/"),
            ("HTTPS://Example.COM/Path", "https://example.com:443", "/Path"),
            ("https://example.com:443/a", "https://example.com:443", "/a"),
            ("http://example.com:8686/sse?x=1#y", "http://example.com:8686", "/sse"),
            ("http://user:word@example.com/a", "http://example.com:80", "/a"),
            ("http://[::1]:99/a", "http://[::1]:99", "/a"),
            ("http://h/a/../b/./c", "http://h:80", "/b/c"),
            ("http://127.1/", "http://127.0.0.1:80", "/"),
        ])
    func pieces(text: String, origin: String, path: String) throws {
        let url = try HTTPURL(text)
        #expect(url.origin.description == origin)
        #expect(url.path == path)
    }

    @Test("userinfo, query and fragment are no part of the description, but what is connected to has the first two")
    func secrets() throws {
        let url = try HTTPURL("https://user:word@example.com:8443/mcp/?token=s3cret#part")
        #expect(url.description == "https://example.com:8443/mcp/")
        #expect("\(url)" == url.description)
        #expect(url.text == "https://user:word@example.com:8443/mcp/?token=s3cret")
    }

    @Test(
        "what is no absolute http or https URL is refused, and not quoted",
        arguments: [
            "", "/sse", "example.com", "s3cret@example.com", "ftp://h/", "file:///etc/passwd", "ws://h/", "http:h",
            "http:/h", "http:///h", "http:", "http", "://h", " http://h/",
        ])
    func unsupported(text: String) {
        #expect(throws: HTTPURLError.unsupported) { try HTTPURL(text) }
        #expect(!HTTPURLError.unsupported.description.contains("s3cret"))
    }

    @Test(
        "what only begins like a URL is refused with the reason",
        arguments: [
            "http://", "http://h:port/", "http://h:65536/", "http://h/a b", "http://h/\r\nX: y", "http://h/\0",
            "http://[::1/", "http://h\u{7F}/", "http://a b/", "http://a\\b/", "http://bücher.example/",
        ])
    func malformed(text: String) {
        do {
            let url = try HTTPURL(text)
            Issue.record("taken as \(url.text)")
        } catch {
            guard case .malformed(let reason) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(!reason.isEmpty && !reason.contains(text))
        }
    }

    /// RFC 3986 §5.4. Where scheme or authority are of no use to us, the RFC's results are left out.
    @Test(
        "references are resolved as in RFC 3986 §5.4",
        arguments: [
            ("g", "/b/c/g"), ("./g", "/b/c/g"), ("g/", "/b/c/g/"), ("/g", "/g"), ("?y", "/b/c/d;p?y"),
            ("g?y", "/b/c/g?y"), ("#s", "/b/c/d;p?q"), ("g#s", "/b/c/g"), ("g?y#s", "/b/c/g?y"),
            (";x", "/b/c/;x"), ("g;x", "/b/c/g;x"), ("g;x?y#s", "/b/c/g;x?y"), ("", "/b/c/d;p?q"),
            (".", "/b/c/"), ("./", "/b/c/"), ("..", "/b/"), ("../", "/b/"), ("../g", "/b/g"), ("../..", "/"),
            ("../../", "/"), ("../../g", "/g"), ("../../../g", "/g"), ("../../../../g", "/g"), ("/./g", "/g"),
            ("/../g", "/g"), ("g.", "/b/c/g."), (".g", "/b/c/.g"), ("g..", "/b/c/g.."), ("..g", "/b/c/..g"),
            ("./../g", "/b/g"), ("./g/.", "/b/c/g/"), ("g/./h", "/b/c/g/h"), ("g/../h", "/b/c/h"),
            ("g;x=1/./y", "/b/c/g;x=1/y"), ("g;x=1/../y", "/b/c/y"), ("g?y/./x", "/b/c/g?y/./x"),
            ("g?y/../x", "/b/c/g?y/../x"), ("g?http://other/", "/b/c/g?http://other/"),
        ])
    func references(reference: String, expected: String) throws {
        #expect(try HTTPURL("http://a/b/c/d;p?q").resolving(reference).text == "http://a\(expected)")
    }

    @Test("a reference with an authority or a scheme leads elsewhere")
    func elsewhere() throws {
        let base = try HTTPURL("https://a:1/b?c")
        #expect(try base.resolving("//g/x").text == "https://g/x")
        #expect(try base.resolving("http://a:1/").origin != base.origin)
        #expect(try base.resolving("https://a:1/d").origin == base.origin)
        #expect(throws: HTTPURLError.self) { try base.resolving("file:///etc/passwd") }
        #expect(throws: HTTPURLError.self) { try base.resolving("https:d") }
    }

    @Test("userinfo stays with its origin and never comes from a reference")
    func userinfo() throws {
        let base = try HTTPURL("http://me:pw@a/b")
        #expect(try base.resolving("c").text == "http://me:pw@a/c")
        #expect(try base.resolving("http://a/c").text == "http://me:pw@a/c")
        #expect(try base.resolving("http://you:no@a/c").text == "http://me:pw@a/c")
        #expect(try base.resolving("//b/c").text == "http://b/c")
        #expect(try base.resolving("http://you:no@b/c").text == "http://b/c")
        #expect(try HTTPURL("http://a/").resolving("//you:no@a/c").text == "http://a/c")
    }

    @Test("an empty path is a slash, and a reference is relative to that")
    func emptyPath() throws {
        #expect(try HTTPURL("http://a").resolving("messages/?id=1").text == "http://a/messages/?id=1")
        #expect(try HTTPURL("http://a?q").text == "http://a/?q")
    }

    @Test(
        "loopback is localhost, names below it, 127.0.0.0/8 and ::1",
        arguments: [
            ("localhost", true), ("LOCALHOST", true), ("localhost.", true), ("a.localhost", true), ("127.0.0.1", true),
            ("127.255.0.9", true), ("[::1]", true), ("[0:0:0:0:0:0:0:1]", true), ("128.0.0.1", false),
            ("localhost.example.com", false), ("notlocalhost", false), ("[::2]", false), ("[::]", false),
            ("0.0.0.0", false), ("127.example.com", false),
        ])
    func loopback(host: String, isLoopback: Bool) throws {
        #expect(try HTTPURL("http://\(host):80/").isLoopback == isLoopback)
    }

    @Test("a zone of an IPv6 address is kept, and escapes in the path too")
    func kept() throws {
        #expect(try HTTPURL("http://[fe80::1%25eth0]/a%2Fb?x=%20").text == "http://[fe80::1%25eth0]/a%2Fb?x=%20")
        #expect(try HTTPURL("http://h/ü").text == "http://h/%c3%bc")
    }
}
