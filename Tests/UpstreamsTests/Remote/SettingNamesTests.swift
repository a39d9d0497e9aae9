import Testing

@testable import Upstreams

@Suite("Advice in the words of whoever has to follow it")
struct SettingNamesTests {
    @Test("the keys of a file, or the options of a command, and never those of the other")
    func words() {
        for code in [401, 403, 404, 421] {
            for hasCredentials in [true, false] {
                let keys = HTTPStatus(code).meaning(withCredentials: hasCredentials, named: .keys)
                let options = HTTPStatus(code).meaning(withCredentials: hasCredentials, named: .options)
                #expect(keys?.contains(code < 404 ? "\"headers\"" : "\"url\"") == true)
                #expect(keys?.contains("--") == false)
                #expect(options?.contains(code < 404 ? "--token-env or --header" : "the URL") == true)
                #expect(options?.contains("\"") == false)
            }
        }
    }

    @Test("a name that cannot be sent is found where it was given")
    func names() {
        let error = #expect(throws: UnusableEndpoint.self) {
            _ = try RequestHeaders(configured: ["(x)": "y"], userAgent: "connect", named: .options)
        }
        #expect(error?.reason == "a name in --header cannot be sent: \"(x)\"")
    }
}
