/// The transfers that have something to hand over when libcurl returns. Belongs to the thread of the client.
final class Outbox {
    private var transfers: [LiveTransfer] = []

    func add(_ transfer: LiveTransfer) {
        transfers.append(transfer)
    }

    /// Lets all of them hand it over.
    func flush() {
        while let transfer = transfers.popLast() { transfer.deliver() }
    }
}
