import Curl
import Dispatch
import NIOCore
import Synchronization
import TestHTTP

/// One transfer that goes by its plan.
final class StressPlayer: Sendable {
    private struct State {
        var transfer: HTTPTransfer?
        /// Bytes that came before there was a transfer to tell.
        var unconsumed = 0
        var bodies = 0
        var hasHead = false
        var hasEnd = false
        var isToBeCancelled = false
    }

    private let tally: Tally
    private let plan: StressPlan
    private let state = Mutex(State())

    init(tally: Tally, plan: StressPlan) {
        self.tally = tally
        self.plan = plan
        tally.began()
    }

    deinit {
        tally.left()
    }

    /// Returns when the transfer has ended.
    func play(on client: HTTPClient, to server: TestHTTPServer) async {
        guard let url = try? HTTPURL(server.url(plan.path)) else { return tally.violated("no URL") }
        let request = HTTPRequest(
            plan.method, url, body: plan.method == .get ? nil : ByteBuffer(string: plan.body),
            idleTimeout: .seconds(60), window: plan.window)
        let (ended, signal) = AsyncStream<Void>.makeStream()
        let transfer = client.start(request) { event in
            self.take(event)
            if case .end = event { signal.finish() }
        }
        tally.started(transfer)
        begin(transfer)
        for await _ in ended {}
        state.withLock { $0.transfer = nil }
    }

    private func begin(_ transfer: HTTPTransfer) {
        let (isToBeCancelled, unconsumed) = state.withLock { state in
            if !state.hasEnd { state.transfer = transfer }
            return (state.isToBeCancelled, state.unconsumed)
        }
        transfer.consumed(unconsumed)
        switch plan.moment {
        case .atOnce: transfer.cancel()
        case .sometime: DispatchQueue.global().async { transfer.cancel() }
        case .atHead, .atBody, .never: if isToBeCancelled { transfer.cancel() }
        }
    }

    private func take(_ event: TransferEvent) {
        switch event {
        case .head:
            if state.withLock({ exchange(&$0.hasHead, with: true) }) { tally.violated("a second head") }
            if case .atHead = plan.moment { cancel() }
        case .body(let bytes): take(bytes.readableBytes)
        case .end(let failure):
            if state.withLock({ exchange(&$0.hasEnd, with: true) }) { tally.violated("a second end") }
            tally.ended(failure)
        }
    }

    private func take(_ count: Int) {
        let (bodies, transfer) = state.withLock { state in
            if !state.hasHead || state.hasEnd { tally.violated("a body before the head or after the end") }
            state.bodies += 1
            if state.transfer == nil { state.unconsumed += count }
            return (state.bodies, state.transfer)
        }
        if case .atBody(let number) = plan.moment, bodies == number { cancel() }
        guard let transfer else { return }
        if plan.consumesAtOnce {
            transfer.consumed(count)
        } else {
            DispatchQueue.global().async { transfer.consumed(count) }
        }
    }

    private func cancel() {
        let transfer = state.withLock { state in
            state.isToBeCancelled = true
            return state.transfer
        }
        transfer?.cancel()
    }
}
