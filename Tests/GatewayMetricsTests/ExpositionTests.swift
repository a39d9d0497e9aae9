import Testing

@testable import GatewayMetrics

@Suite("what Prometheus reads")
struct ExpositionTests {
    @Test("samples of one metric stand together, below what it is")
    func together() {
        let text = Exposition.text(of: [
            Sample(.serverUp, 1, [("server", "a")]), Sample(.buildInfo, 1, [("version", "1.2.3")]),
            Sample(.serverUp, 0, [("server", "b")]),
        ])
        #expect(
            text == """
                # HELP mcp_gateway_server_up Whether the server is ready.
                # TYPE mcp_gateway_server_up gauge
                mcp_gateway_server_up{server="a"} 1
                mcp_gateway_server_up{server="b"} 0
                # HELP mcp_gateway_build_info 1, with the version of the gateway.
                # TYPE mcp_gateway_build_info gauge
                mcp_gateway_build_info{version="1.2.3"} 1

                """)
    }

    @Test("the buckets of a distribution count all values up to their bound")
    func buckets() {
        var counts = [UInt64](repeating: 0, count: 15)
        counts[0] = 2
        counts[3] = 1
        counts[14] = 4
        let text = Exposition.text(of: [Sample(.serverReady, .distribution(counts: counts, sum: 1234.5), [])])
        let lines = text.split(separator: "\n").dropFirst(2)
        #expect(lines.first == #"mcp_gateway_server_ready_seconds_bucket{le="0.01"} 2"#)
        #expect(lines.contains(#"mcp_gateway_server_ready_seconds_bucket{le="0.1"} 3"#))
        #expect(lines.contains(#"mcp_gateway_server_ready_seconds_bucket{le="300"} 3"#))
        #expect(
            lines.suffix(3) == [
                #"mcp_gateway_server_ready_seconds_bucket{le="+Inf"} 7"#, "mcp_gateway_server_ready_seconds_sum 1234.5",
                "mcp_gateway_server_ready_seconds_count 7",
            ])
    }

    @Test("what a label must not hold as it is, is escaped")
    func escapes() {
        let text = Exposition.text(of: [Sample(.serverUp, 1, [("server", "a\"b\\c\nd")])])
        #expect(text.hasSuffix(#"mcp_gateway_server_up{server="a\"b\\c\nd"} 1"# + "\n"))
    }
}
