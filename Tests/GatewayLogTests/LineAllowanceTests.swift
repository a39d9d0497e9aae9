import Testing

@testable import GatewayLog

@Suite struct LineAllowanceTests {
    @Test("so many lines are taken in a second; the next second tells how many were not")
    func bound() {
        var allowance = LineAllowance(perSecond: 2)
        let admitted = (1...5).map { allowance.admit(at: .milliseconds($0)).isAdmitted }
        #expect(admitted == [true, true, false, false, false])
        #expect(allowance.admit(at: .milliseconds(1001)) == .init(isAdmitted: true, leftOut: 3))
        #expect(allowance.admit(at: .milliseconds(1002)) == .init(isAdmitted: true, leftOut: 0))
        #expect(allowance.admit(at: .milliseconds(1003)) == .init(isAdmitted: false, leftOut: 0))
    }
}
