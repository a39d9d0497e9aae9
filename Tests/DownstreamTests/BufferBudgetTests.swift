import Logging
import Testing

@testable import Downstream

@Suite("buffer budget")
struct BufferBudgetTests {
    private final class Holder: BufferHolder {
        var heldBytes = 0
        var countedBytes = 0
        var hasGivenUp = false

        func giveUp() {
            hasGivenUp = true
            heldBytes = 0
        }
    }

    private let budget: BufferBudget
    private let holders = (1...3).map { _ in Holder() }

    init() {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        budget = BufferBudget(limit: 100, logger: logger)
    }

    private func hold(_ bytes: Int...) {
        for (holder, bytes) in zip(holders, bytes) {
            holder.heldBytes = bytes
            budget.update(holder)
        }
    }

    private var gone: [Bool] { holders.map(\.hasGivenUp) }

    @Test("all together may hold as much as the limit; one byte more, and whoever holds the most goes")
    func limit() {
        hold(30, 40, 30)
        #expect(gone == [false, false, false])
        #expect(budget.total == 100)
        hold(31)
        #expect(gone == [false, true, false])
        #expect(budget.total == 61)
    }

    @Test("no more go than must, and one that alone holds too much goes by itself")
    func noMoreThanNeeded() {
        hold(40, 30, 500)
        #expect(gone == [false, false, true])
        hold(60)
        #expect(gone == [false, false, true])
        #expect(budget.total == 90)
    }

    @Test("one that has been read from meanwhile is measured again before anybody goes")
    func stale() {
        hold(90)
        holders[0].heldBytes = 5
        for (holder, bytes) in zip(holders.dropFirst(), [50, 45]) {
            holder.heldBytes = bytes
            budget.update(holder)
        }
        #expect(gone == [false, false, false])
        #expect(budget.total == 100)
    }

    private final class Expendable: ExpendableBuffers {
        var bytes = 0

        func forget(_ bytes: Int) { self.bytes -= min(bytes, self.bytes) }
    }

    @Test("what is expendable counts too, and goes before anybody is disconnected, as much as must")
    func expendable() {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let expendable = Expendable()
        let budget = BufferBudget(limit: 100, logger: logger, expendable: expendable)
        expendable.bytes = 60
        budget.check()
        holders[0].heldBytes = 40
        budget.update(holders[0])
        #expect(expendable.bytes == 60)
        holders[1].heldBytes = 15
        budget.update(holders[1])
        #expect(expendable.bytes == 45)
        expendable.bytes = 50
        budget.check()
        #expect(expendable.bytes == 45)
        #expect(gone == [false, false, false])
        holders[2].heldBytes = 50
        budget.update(holders[2])
        #expect(expendable.bytes == 0)
        #expect(gone == [false, false, true])
        #expect(budget.total == 55)
    }

    @Test("who holds nothing any more is not counted")
    func released() {
        hold(50, 50)
        hold(0, 0, 100)
        #expect(gone == [false, false, false])
        hold(0, 0, 0)
        #expect(budget.total == 0)
    }
}
