internal import Downstream

/// The fronts for clients: the gateway's own, and the one where there is nothing but OpenAPI tools, if it has addresses.
/// They come and go together.
struct Fronts: Sendable {
    let own: HTTPFront
    let openAPI: HTTPFront?

    /// Takes no more connections.
    func stopAccepting() async {
        await own.stopAccepting()
        await openAPI?.stopAccepting()
    }

    /// Ends the connections, as `HTTPFront.shutdown` does, on all of them at once.
    func shutdown(grace: Duration, lastAnswers: Duration) async {
        async let other: Void? = openAPI?.shutdown(grace: grace, lastAnswers: lastAnswers)
        await own.shutdown(grace: grace, lastAnswers: lastAnswers)
        _ = await other
    }
}
