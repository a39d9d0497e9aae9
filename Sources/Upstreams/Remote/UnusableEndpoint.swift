/// Why nothing can be sent to a configured server at all. Names the key, never a value.
struct UnusableEndpoint: Error, Equatable {
    let reason: String
}
