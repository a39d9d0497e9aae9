/// A JSON value that knows where it stands.
struct JSONNode: Equatable {
    var position: Position
    var value: Value

    enum Value: Equatable {
        case null
        case bool(Bool)
        /// The number as it is spelled: no precision is lost, and messages can quote it.
        case number(String)
        case string(String)
        case array([JSONNode])
        case object([JSONMember])
    }

    /// What messages call this kind of value.
    var kindName: String {
        switch value {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

/// One `"key": value` of an object. Objects keep their members in order, those with the same key included: only the
/// decoder knows whether a duplicate concerns one server or the whole file.
struct JSONMember: Equatable {
    var key: String
    var keyPosition: Position
    var node: JSONNode
}

/// Why a text is not JSON, even with comments.
struct SyntaxError: Error, Equatable {
    var position: Position
    var message: String
}
