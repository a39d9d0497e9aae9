import Curl
import Synchronization

/// What all transfers of a run have come to.
final class Tally: Sendable {
    private struct State {
        var starts = 0
        var complete = 0
        var failed: [String: Int] = [:]
        var violations: [String] = []
        var transfers: [WeakTransfer] = []
    }

    private struct WeakTransfer: Sendable {
        weak let transfer: HTTPTransfer?
    }

    private let state = Mutex(State())
    private let liveCount = Atomic(0)

    /// How many receivers there are.
    var live: Int { liveCount.load(ordering: .sequentiallyConsistent) }
    var starts: Int { state.withLock { $0.starts } }
    var ends: Int { state.withLock { $0.complete + $0.failed.values.reduce(0, +) } }
    var violations: [String] { state.withLock { $0.violations } }
    var liveTransfers: Int { state.withLock { $0.transfers.count { $0.transfer != nil } } }

    var summary: String {
        state.withLock { state in
            let failed = state.failed.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            return "\(state.complete) complete, \(failed.joined(separator: ", "))"
        }
    }

    func began() { liveCount.add(1, ordering: .sequentiallyConsistent) }
    func left() { liveCount.subtract(1, ordering: .sequentiallyConsistent) }

    func started(_ transfer: HTTPTransfer) {
        state.withLock { state in
            state.starts += 1
            state.transfers.append(WeakTransfer(transfer: transfer))
        }
    }

    func ended(_ failure: TransferFailure?) {
        state.withLock { state in
            if let failure { state.failed["\(failure.kind)", default: 0] += 1 } else { state.complete += 1 }
        }
    }

    func violated(_ rule: String) {
        state.withLock { $0.violations.append(rule) }
    }
}
