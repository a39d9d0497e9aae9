import Supervision
import Testing

@Suite("What a new set of specifications changes")
struct SpecificationChangesTests {
    private static func server(_ name: String, _ command: String = "a") -> ServerSpecification {
        ServerSpecification(name: name, launch: .process(ProcessCommand(command: command)))
    }

    @Test("each server is added, replaced, removed or kept, and what is kept is the same in every field")
    func comparison() {
        let old = [Self.server("same"), Self.server("other"), Self.server("gone")]
        let new = [Self.server("new"), Self.server("other", "b"), Self.server("same")]
        let changes = SpecificationChanges(from: old, to: new)
        #expect(changes.added == ["new"])
        #expect(changes.replaced == ["other"])
        #expect(changes.removed == ["gone"])
        #expect(changes.kept == ["same"])
    }

    @Test("another order alone changes nothing")
    func order() {
        let servers = [Self.server("a"), Self.server("b"), Self.server("c")]
        let changes = SpecificationChanges(from: servers, to: servers.reversed())
        #expect(changes.kept == ["c", "b", "a"])
        #expect(changes.added + changes.replaced + changes.removed == [])
    }

    @Test("a server that is switched off or on is replaced")
    func disabled() {
        let off = ServerSpecification(name: "a", launch: .disabled)
        #expect(SpecificationChanges(from: [Self.server("a")], to: [off]).replaced == ["a"])
        #expect(SpecificationChanges(from: [off], to: [Self.server("a")]).replaced == ["a"])
    }
}
