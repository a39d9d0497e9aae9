import MCP
import Testing

@testable import Supervision

@Suite struct ListChangesTests {
    @Test("the first change is told at once, and however many follow within a moment are one")
    func burst() {
        var changes = ListChanges()
        expect(changes.changed(.tools, now: .zero), is: .tell)
        expect(changes.changed(.tools, now: .milliseconds(10)), is: .wait(until: ListChanges.interval))
        expect(changes.changed(.tools, now: .milliseconds(20)), is: .isPending)
        expect(changes.changed(.prompts, now: .milliseconds(30)), is: .tell)
        expect(changes.changed(.prompts, now: .milliseconds(40)), is: .isPending)
        expect(changes.flush(now: .milliseconds(100)), is: [.tools, .prompts])
        expect(changes.flush(now: .milliseconds(200)), is: [])
        expect(changes.changed(.tools, now: .milliseconds(150)), is: .wait(until: .milliseconds(200)))
        expect(changes.changed(.prompts, now: .milliseconds(300)), is: .tell)
    }
}
