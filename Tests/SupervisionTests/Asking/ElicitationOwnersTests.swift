import Testing

@testable import Supervision

@Suite struct ElicitationOwnersTests {
    private static let (ann, bob) = (CallerID(1), CallerID(2))

    @Test("an elicitation is complete once, for whoever was told of it")
    func owners() {
        var owners = ElicitationOwners()
        owners.add("a", of: Self.ann)
        owners.add("b", of: Self.bob)
        expect(owners.take("a"), is: Self.ann)
        expect(owners.take("a"), is: nil)
        owners.remove(Self.bob)
        expect(owners.take("b"), is: nil)
    }

    @Test("so many are remembered, and none with an endless id")
    func bounds() {
        var owners = ElicitationOwners()
        for number in 0...ElicitationOwners.capacity { owners.add("\(number)", of: Self.ann) }
        expect(owners.take("0"), is: nil)
        expect(owners.take("1"), is: Self.ann)
        let long = String(repeating: "x", count: ElicitationOwners.idLimit + 1)
        owners.add(long, of: Self.ann)
        expect(owners.take(long), is: nil)
    }
}
