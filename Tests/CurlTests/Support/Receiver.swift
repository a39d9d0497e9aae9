import Curl
import NIOCore
import Synchronization
import Testing

/// Takes the events of one transfer, for a test to wait for, and watches that they keep to the rules.
final class Receiver: Sendable {
    /// Everything that came of a transfer.
    struct Outcome: Sendable {
        var head: HTTPResponseHead?
        var body = ByteBuffer()
        var failure: TransferFailure?

        var text: String { String(buffer: body) }
    }

    private struct Record {
        var events: [String] = []
        var hasHead = false
        var hasEnd = false
        var violations: [String] = []
    }

    private let record = Mutex(Record())
    private let events: AsyncStream<TransferEvent>
    private let continuation: AsyncStream<TransferEvent>.Continuation
    private let transferBox = Mutex<HTTPTransfer?>(nil)

    init() {
        (events, continuation) = AsyncStream.makeStream()
    }

    /// The transfer, once it is started.
    var transfer: HTTPTransfer? { transferBox.withLock { $0 } }

    func started(_ transfer: HTTPTransfer) {
        transferBox.withLock { $0 = transfer }
    }

    func take(_ event: TransferEvent) {
        record.withLock { record in
            if record.hasEnd { record.violations.append("\(event) after the end") }
            switch event {
            case .head:
                if record.hasHead { record.violations.append("a second head") }
                record.hasHead = true
            case .body(let bytes):
                if !record.hasHead { record.violations.append("a body before the head") }
                if bytes.readableBytes == 0 { record.violations.append("an empty piece of body") }
            case .end: record.hasEnd = true
            }
        }
        continuation.yield(event)
    }

    /// The next event.
    func next() async -> TransferEvent? {
        await events.first { _ in true }
    }

    /// Waits for the head, which is to be the next event.
    func head() async throws -> HTTPResponseHead {
        let event = await next()
        guard case .head(let head) = event else { throw Unexpected(event: event) }
        return head
    }

    /// Waits for the next piece of body, without consuming it.
    func body() async throws -> ByteBuffer {
        let event = await next()
        guard case .body(let bytes) = event else { throw Unexpected(event: event) }
        return bytes
    }

    /// Waits until so many bytes of body have come, and consumes them.
    func text(_ count: Int) async throws -> String {
        var all = ByteBuffer()
        while all.readableBytes < count {
            var piece = try await body()
            transfer?.consumed(piece.readableBytes)
            all.writeBuffer(&piece)
        }
        return String(buffer: all)
    }

    /// Consumes everything until the end.
    func outcome() async -> Outcome {
        var outcome = Outcome()
        while let event = await next() {
            switch event {
            case .head(let head): outcome.head = head
            case .body(var bytes):
                transfer?.consumed(bytes.readableBytes)
                outcome.body.writeBuffer(&bytes)
            case .end(let failure):
                outcome.failure = failure
                return outcome
            }
        }
        return outcome
    }

    /// The events that have come and were not waited for; no more will come.
    func rest() async -> [TransferEvent] {
        continuation.finish()
        var rest: [TransferEvent] = []
        for await event in events { rest.append(event) }
        return rest
    }

    /// What was against the rules, up to now.
    var violations: [String] {
        record.withLock { $0.hasEnd ? $0.violations : $0.violations + ["no end"] }
    }

    struct Unexpected: Error {
        let event: TransferEvent?
    }
}
