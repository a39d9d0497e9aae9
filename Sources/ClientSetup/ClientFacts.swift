/// What is known of a client: where its file is, and what an entry looks like in it. Everything in which clients differ
/// is data of this form, in `ClientFacts+table.swift`.
struct ClientFacts {
    /// What people call it.
    let title: String
    /// Where the snippet goes, as the end of a sentence that begins with "put this".
    let place: String
    let syntax: Syntax
    /// What stands before the entries.
    var preamble: [Field] = []
    let layout: Layout
    /// The members of an entry.
    let entry: [Field]
    let token: TokenSpelling
    /// What else has to be known.
    var remarks: [String] = []

    /// The language of the client's file.
    enum Syntax {
        case json
        case toml
        case yaml
    }

    /// How entries stand together.
    enum Layout {
        /// An object below this key, with an entry under each name.
        case object(String)
        /// A list of entries, and nothing around it.
        case list
    }

    /// How a token is referred to, so that it need not stand in the file.
    enum TokenSpelling {
        /// An environment variable, between what stands before its name and behind it.
        case variable(before: String, after: String)
        /// The name of an environment variable in a key of its own.
        case variableName
        /// The client asks for it.
        case input
        /// The client can do none of that: the token has to stand in the file.
        case written
    }

    /// A member of an object.
    struct Field: Sendable {
        let key: String
        let value: Value

        init(_ key: String, _ value: Value) {
            self.key = key
            self.value = value
        }
    }

    /// What stands in a member. Those that are about the token are left out where there is none.
    indirect enum Value: Sendable {
        case constant(Document)
        case url
        case name
        /// An object with the header that holds the token.
        case headers
        /// The token, as the client spells it.
        case token
        /// The name of the variable that holds it.
        case tokenVariable
        /// The arguments with which `mcp-gateway` connects a client that speaks stdio only.
        case connectArguments
        /// The environment for that.
        case connectEnvironment
        /// One of two texts.
        case text(ifToken: String, else: String)
        case object([Field])
        /// What a client asks for, one for each variable.
        case inputs
        /// The addresses of all endpoints.
        case addresses
    }
}
