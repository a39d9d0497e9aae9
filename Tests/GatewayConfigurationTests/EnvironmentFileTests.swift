import Testing

@testable import GatewayConfiguration

@Suite("Files of variables")
struct EnvironmentFileTests {
    @Test(
        "a line gives a name a value",
        arguments: [
            ("A=b", "b"), ("A = b ", "b"), ("  A=b", "b"), ("export A=b", "b"), ("export\tA=b", "b"), ("A=", ""),
            ("A= # c", ""), ("A=b # c", "b"), ("A=b#c", "b#c"), ("A=#c", "#c"), ("A=b=c", "b=c"), ("A=b c", "b c"),
            ("A='b'", "b"), ("A='b # c' # d", "b # c"), ("A=\"b\"", "b"), ("A=\"\\n\\t\\r\\\\\\\"\\$\"", "\n\t\r\\\"$"),
            ("A=\"\\x\"", "\\x"), ("A='\\n'", "\\n"), ("A=b\\n", "b\\n"), ("A='b\nc'", "b\nc"),
            ("A=\"b\r\nc\"\r", "b\nc"),
            ("A=b\r\n", "b"), ("A=b\rc", "b\rc"), ("A=it's", "it's"), ("A=$B", "$B"), ("A=''", ""), ("A=é", "é"),
            ("\u{FEFF}A=b", "b"), ("# é\n\n\t\nA=b\nB=c", "b"),
        ])
    func values(text: String, expected: String) {
        let file = EnvironmentFile(parsing: text)
        #expect(file.variables["A"] == expected)
        #expect(file.remarks == [])
    }

    @Test("a variable may be called export")
    func nameExport() {
        #expect(EnvironmentFile(parsing: "export=1").variables == ["export": "1"])
        #expect(EnvironmentFile(parsing: "export export = 1").variables == ["export": "1"])
    }

    @Test(
        "a mistake has its line and column, and what follows is still read",
        arguments: [
            ("A", 1, 2), ("A b=c", 1, 3), ("=b", 1, 1), ("1A=b", 1, 1), ("\n A-B=c", 2, 3), ("é=1", 1, 1),
            ("export ", 1, 8), ("A='b' c", 1, 6), ("A=\"b\"c", 1, 6), ("A=b\0", 1, 1),
        ])
    func mistakes(text: String, line: Int, column: Int) {
        let file = EnvironmentFile(parsing: text + "\nLAST=s3cr3t")
        #expect(file.remarks.map(\.position) == [Position(line: line, column: column)])
        #expect(file.remarks.map(\.severity) == [.error])
        #expect(file.variables["LAST"] == "s3cr3t")
    }

    @Test("a quote that is never closed is a mistake at the quote", arguments: ["'", "\""])
    func unclosed(quote: String) {
        let file = EnvironmentFile(parsing: "A=1\nB=\(quote)s3cr3t\nC=2")
        #expect(file.remarks.map(\.position) == [Position(line: 2, column: 3)])
        #expect(file.variables == ["A": "1"])
    }

    @Test("the last of two values counts, with a warning that names the line of the first")
    func twice() {
        let file = EnvironmentFile(parsing: "A=1\n\nA=2")
        #expect(file.variables == ["A": "2"])
        #expect(file.remarks.map(\.message) == ["\"A\" stands twice, first in line 1; the last one counts"])
    }

    @Test("nothing is expanded; what looks as if it should be is remarked on, unless in single quotes")
    func notExpanded() {
        #expect(EnvironmentFile(parsing: "A=${B}").remarks.map(\.severity) == [.warning])
        #expect(EnvironmentFile(parsing: "A=\"${B}\"").remarks.map(\.severity) == [.warning])
        #expect(EnvironmentFile(parsing: "A='${B}'").remarks == [])
        #expect(EnvironmentFile(parsing: "A=${B}").variables == ["A": "${B}"])
    }

    @Test("a file full of mistakes keeps a bounded number of them")
    func bounded() {
        let file = EnvironmentFile(parsing: String(repeating: "x\n", count: 30_000))
        #expect(file.remarks.count == 201)
    }
}
