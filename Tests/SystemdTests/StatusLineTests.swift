import Testing

@testable import Systemd

@Suite("Status line")
struct StatusLineTests {
    @Test(
        "what breaks a line or controls a terminal becomes one space",
        arguments: [
            ("3 of 4 servers ready", "3 of 4 servers ready"),
            ("", ""),
            ("one\nREADY=1", "one READY=1"),
            ("one\r\n\u{2028}\u{85}two", "one two"),
            ("\u{1B}[31mred\u{1B}[0m", "[31mred [0m"),
            ("  padded \t out  ", "padded out"),
            ("nul\0byte", "nul byte"),
            ("größer – 日本", "größer – 日本"),
        ])
    func cleans(raw: String, expected: String) {
        #expect(StatusLine(raw).text == expected)
    }

    @Test(
        "a text up to the limit is kept, a longer one is cut between characters and marked",
        arguments: ["x", "é", "日", "😀"])
    func cuts(character: String) {
        let short = String(repeating: character, count: 100)
        #expect(StatusLine(short).text == short)

        let long = StatusLine(String(repeating: character, count: 10_000)).text
        #expect(long.utf8.count <= StatusLine.limit)
        #expect(long.utf8.count > StatusLine.limit - 8)
        #expect(long.hasSuffix("\(character)…"))
    }
}
