import Testing

@testable import GatewayConfiguration

@Suite("Durations, sizes, addresses and near words")
struct TextParserTests {
    @Test(
        "durations are read as Go reads them",
        arguments: [
            ("30s", Duration.seconds(30)), ("1m30s", .seconds(90)), ("1h", .seconds(3600)),
            ("500ms", .milliseconds(500)),
            ("1.5h", .seconds(5400)), (".5s", .milliseconds(500)), ("1.s", .seconds(1)), ("+5s", .seconds(5)),
            ("-5s", .seconds(-5)), ("0", .zero), ("0s", .zero), ("100us", .microseconds(100)),
            ("7µs", .microseconds(7)),
            ("7μs", .microseconds(7)), ("9ns", .nanoseconds(9)), ("0.3s", .milliseconds(300)),
            ("1.000000001s", .nanoseconds(1_000_000_001)), ("0.1234567890123456789s", .nanoseconds(123_456_789)),
            ("2562047h47m16.854775807s", .nanoseconds(Int64.max)), ("1h1m1s1ms1us1ns", .nanoseconds(3_661_001_001_001)),
        ])
    func durations(text: String, expected: Duration) throws {
        #expect(try DurationText.parse(text) == expected)
    }

    @Test(
        "texts that Go refuses are no durations",
        arguments: [
            ("", DurationText.Failure.malformed), ("s", .malformed), (".s", .malformed), ("-", .malformed),
            ("3", .missingUnit),
            ("1m30", .missingUnit), ("1 s", .malformed), ("1S", .malformed), ("1d", .malformed), ("1s ", .malformed),
            ("1.2.3s", .malformed), ("--1s", .malformed), ("2562048h", .tooLong), ("9223372036854775808ns", .tooLong),
            ("2562047h2562047h", .tooLong),
        ])
    func notDurations(text: String, expected: DurationText.Failure) {
        #expect(throws: expected) { try DurationText.parse(text) }
    }

    @Test(
        "sizes are whole numbers with a unit",
        arguments: [
            ("16MiB", 16 << 20), ("1KiB", 1024), ("2GiB", 2 << 30), ("5B", 5), ("1kB", 1000), ("1 MB", 1_000_000),
            ("16M", nil), ("16", nil), ("", nil), ("MiB", nil), ("-1B", nil), ("1.5MiB", nil), ("16mib", nil),
            ("9999999999999GiB", nil), ("99999999999999999999B", nil),
        ] as [(String, Int?)])
    func sizes(text: String, expected: Int?) {
        #expect(SizeText.parse(text) == expected)
    }

    private static let longest = "unix:/" + String(repeating: "x", count: 102)

    @Test(
        "listen addresses are read as Go reads them",
        arguments: [
            (":9090", ListenAddress.tcp(host: nil, port: 9090)),
            ("127.0.0.1:80", .tcp(host: "127.0.0.1", port: 80)),
            ("[::1]:80", .tcp(host: "::1", port: 80)), ("box.lan:0", .tcp(host: "box.lan", port: 0)),
            ("unix:/run/mcp-gateway/http.sock", .unix(path: "/run/mcp-gateway/http.sock")),
            ("unix:/a b", .unix(path: "/a b")), (longest, .unix(path: String(longest.dropFirst(5)))),
            ("9090", nil), ("localhost", nil), ("::1:9090", nil), ("localhost:http", nil), (":65536", nil),
            (":-1", nil),
            (":+1", nil), ("*:9090", nil), ("[localhost]:1", nil), ("http://localhost:1", nil), ("a b:1", nil),
            (":", nil),
            ("a/b:1", nil),
            ("unix:", nil), ("unix:http.sock", nil), ("unix:///run/http.sock", nil), ("unix:/run/", nil),
            ("unix:@http", nil), (longest + "x", nil),
        ] as [(String, ListenAddress?)])
    func addresses(text: String, expected: ListenAddress?) throws {
        guard let expected else {
            #expect(throws: TextMistake.self) { try ListenAddress(parsing: text) }
            return
        }
        let address = try ListenAddress(parsing: text)
        #expect(address == expected)
        #expect(address.description == text)
    }

    @Test(
        "the path of a base URL becomes a prefix without a slash at its end",
        arguments: [
            ("https://mcp.example.com", ""), ("https://mcp.example.com/", ""), ("http://Box.lan:9090/a//b/", "/a/b"),
            ("http://[::1]:9090/x", "/x"), ("/tools", "/tools"), ("/", ""),
            ("mcp.example.com", nil), ("ftp://h/", nil), ("http://", nil), ("http://h:port/", nil),
            ("http://h/../x", nil),
            ("http://h/a b", nil), ("http://h/?x", nil), ("http://h#x", nil), ("http://u:p@h/", nil),
            ("http://h/%41", nil),
            ("http://::1/", nil),
        ] as [(String, String?)])
    func baseURLs(text: String, prefix: String?) throws {
        guard let prefix else {
            #expect(throws: TextMistake.self) { try BaseURL(parsing: text) }
            return
        }
        #expect(try BaseURL(parsing: text).pathPrefix == prefix)
    }

    @Test(
        "a near word is one that a slip of the finger explains",
        arguments: [
            ("comand", "command"), ("COMMAND", "command"), ("commnad", "command"), ("arg", "args"), ("xyz", nil),
            ("", nil), (String(repeating: "command", count: 20), nil),
        ] as [(String, String?)])
    func nearWords(word: String, expected: String?) {
        #expect(NearestWord.to(word, among: ["args", "command", "transportType"]) == expected)
    }
}
