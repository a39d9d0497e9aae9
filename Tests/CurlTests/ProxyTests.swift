import Curl
import Glibc
import TestHTTP
import Testing

/// Proxies of the environment. Each test is a process of its own, because its environment is everybody's.
@Suite("Proxies", .timeLimit(.minutes(2))) struct ProxyTests {
    @Test("http goes through http_proxy, unless no_proxy has the host")
    func http() async {
        await #expect(processExitsWith: .success) {
            let proxy = try await TestHTTPServer.start { $0.respond(body: "proxied \($0.uri)") }
            setenv("http_proxy", "http://127.0.0.1:\(proxy.port)", 1)
            // Too long for DNS, so that nobody is asked when it is not the proxy.
            let direct = "\(String(repeating: "a", count: 70)).example"
            setenv("no_proxy", direct, 1)
            let client = try ClientUnderTest()
            let proxied = try await client.send(.get, "http://mcp.example:81/a?b")
            try check(proxied.text == "proxied http://mcp.example:81/a?b")
            let outcome = try await client.send(.get, "http://\(direct)/")
            try check(outcome.failure?.description == "the host name cannot be resolved")
            try check(proxy.allConnections == 1)
            client.shutdown()
        }
    }

    @Test("https goes through a tunnel, and a proxy that refuses is to blame")
    func https() async {
        await #expect(processExitsWith: .success) {
            let proxy = try await TestHTTPServer.start { $0.respond(status: 407) }
            setenv("https_proxy", "http://127.0.0.1:\(proxy.port)", 1)
            let client = try ClientUnderTest()
            let outcome = try await client.send(.post, "https://mcp.example/", body: "{}")
            let exchange = await proxy.next()
            try check(exchange?.method == "CONNECT" && exchange?.uri == "mcp.example:443")
            try check(outcome.head == nil)
            try check(
                outcome.failure
                    == TransferFailure(.unreachable, wasSent: false, "the proxy answered with status 407"))
            client.shutdown()
        }
    }

    @Test("this machine is never reached through a proxy")
    func loopback() async {
        await #expect(processExitsWith: .success) {
            let proxy = try await TestHTTPServer.start { $0.respond(body: "proxied") }
            let server = try await TestHTTPServer.start { $0.respond(body: "direct") }
            for name in ["http_proxy", "https_proxy", "all_proxy", "ALL_PROXY", "HTTPS_PROXY"] {
                setenv(name, "http://127.0.0.1:\(proxy.port)", 1)
            }
            let client = try ClientUnderTest()
            for host in ["127.0.0.1", "localhost"] {
                let outcome = try await client.send(.get, "http://\(host):\(server.port)/")
                try check(outcome.text == "direct")
            }
            try check(proxy.allConnections == 0)
            client.shutdown()
        }
    }
}
