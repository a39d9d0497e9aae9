import Glibc
import Testing

@testable import GatewayLog

@Suite("Event catalogue")
struct EventCatalogueTests {
    @Test("every event has an id of its own, of 128 bits as the journal wants them", arguments: GatewayEvent.allCases)
    func ids(event: GatewayEvent) {
        let id = event.definition.id
        #expect(id.utf8.count == 32 && id.allSatisfy { "0123456789abcdef".contains($0) })
        #expect(GatewayEvent.allCases.filter { $0.definition.id == id } == [event])
    }

    @Test("the journal's name of every field is one that it takes: systemd.journal-fields(7)")
    func fieldNames() {
        for field in LogField.allCases {
            #expect(field.journalName.first?.isLetter == true && field.journalName.utf8.count <= 64)
            #expect(field.journalName.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "_") })
        }
        #expect(LogField.requestID.journalName == "MCP_REQUEST_ID" && LogField.errorNumber.journalName == "ERRNO")
        #expect(LogField.journalName(of: "service-lifecycle.größe") == "MCP_SERVICE_LIFECYCLE_GR__E")
        #expect(LogField.journalName(of: String(repeating: "x", count: 100)).utf8.count == 64)
    }

    @Test("docs/journal.md has a row for every event, as it is defined, and for nothing else")
    func documentation() throws {
        let text = try Self.text(of: "docs/journal.md")
        let rows = GatewayEvent.allCases.map { event in
            let definition = event.definition
            let fields = definition.fields.map { "`\($0.journalName)`" }.joined(separator: ", ")
            return "| `\(event)` | \(definition.level) | \(definition.message) | \(fields.isEmpty ? "–" : fields) "
                + "| `\(definition.id)` |"
        }
        let documented = text.split(separator: "\n").map(String.init).filter { line in
            line.hasSuffix("` |") && line.dropLast(3).suffix(32).allSatisfy(\.isHexDigit)
        }
        #expect(Set(documented) == Set(rows))
        #expect(documented.count == rows.count)
    }

    @Test("docs/journal.md knows every field that an event has")
    func documentedFields() throws {
        let text = try Self.text(of: "docs/journal.md")
        let table = try #require(text.split(separator: "## Fields").last?.split(separator: "\n## ").first)
        let fields = Set(GatewayEvent.allCases.flatMap(\.definition.fields)).union([.stream])
        #expect(fields == Set(LogField.allCases))
        for field in fields { #expect(table.contains("`\(field.journalName)`"), "\(field.journalName)") }
    }

    @Test("units/mcp-gateway.catalog explains every event and nothing else, with fields that the event has")
    func catalogue() throws {
        let text = try Self.text(of: "units/mcp-gateway.catalog")
        let entries = text.split(separator: "\n-- ").dropFirst()
        #expect(entries.map { String($0.prefix(32)) } == GatewayEvent.allCases.map(\.definition.id))
        for (entry, event) in zip(entries, GatewayEvent.allCases) {
            let lines = entry.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines[1].hasPrefix("Subject: ") && lines[2] == "Defined-By: mcp-gateway" && lines[3].isEmpty)
            let known = Set(event.definition.fields.map(\.journalName))
            let parts = entry.split(separator: "@", omittingEmptySubsequences: false)
            for field in stride(from: 1, to: parts.count, by: 2).map({ String(parts[$0]) }) {
                #expect(known.contains(field), "\(event): @\(field)@")
            }
            #expect(lines.allSatisfy { $0.count <= 80 }, "\(event)")
        }
    }

    /// The text of a file of this package.
    private static func text(of path: String) throws -> String {
        let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let file = try #require(fopen("/\(package)/\(path)", "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
