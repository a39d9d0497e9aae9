import MCP
import Testing

@testable import Supervision

@Suite struct LogLevelsTests {
    private static let (ann, bob, eve) = (CallerID(1), CallerID(2), CallerID(3))

    @Test("[123] the server is told the most verbose of all, and each caller gets what it asked for")
    func mostVerbose() {
        var levels = LogLevels()
        #expect(!levels.mustRaise && levels.admits(.debug, to: Self.ann))
        levels.set(.error, of: Self.ann)
        #expect(levels.mustRaise)
        expect(levels.tell(), is: .error)
        levels.set(.debug, of: Self.bob)
        #expect(levels.mustRaise)
        expect(levels.tell(), is: .debug)
        #expect(!levels.admits(.warning, to: Self.ann) && levels.admits(.error, to: Self.ann))
        #expect(levels.admits(.debug, to: Self.bob))
        // Whoever never asked does not get everything because somebody else does.
        #expect(!levels.admits(.debug, to: Self.eve) && levels.admits(.info, to: Self.eve))
    }

    @Test("[123] when the most verbose caller leaves it can be lowered, and in another life it is told again")
    func lowering() {
        var levels = LogLevels()
        levels.set(.error, of: Self.ann)
        levels.set(.debug, of: Self.bob)
        _ = levels.tell()
        levels.remove(Self.bob)
        #expect(!levels.mustRaise && levels.canLower)
        expect(levels.tell(), is: .error)
        #expect(!levels.canLower)
        expect(levels.tell(), is: nil)
        levels.forgetTold()
        #expect(levels.mustRaise)
        expect(levels.tell(), is: .error)
        levels.remove(Self.ann)
        #expect(!levels.canLower)
    }

    @Test("when the last of them leaves, the server is told what it may have logged before")
    func last() {
        var levels = LogLevels()
        levels.set(.debug, of: Self.ann)
        _ = levels.tell()
        levels.remove(Self.ann)
        #expect(levels.canLower)
        expect(levels.tell(), is: .info)
        #expect(!levels.canLower && !levels.mustRaise)
    }
}
