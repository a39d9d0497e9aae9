internal import ArgumentParser

extension String {
    /// Refuses an empty word as the name of a server: it is that of an unset variable in somebody's script.
    func mustNameServer() throws {
        if isEmpty { throw ValidationError("The name of the server is empty.") }
    }
}
