/// What a check in another process found.
struct CheckFailed: Error, CustomStringConvertible {
    let description: String
}

/// Checks within an exit test, where an `#expect` that fails would not be seen.
func check(_ isTrue: Bool, _ text: @autoclosure () -> String = "", line: Int = #line) throws {
    if !isTrue { throw CheckFailed(description: "line \(line): not as expected. \(text())") }
}
