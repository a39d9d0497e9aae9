/// What to put into a client's file to connect it, and what to tell whoever does that.
public struct Snippet: Sendable, Equatable {
    /// What stands in the place of a token in the files of clients that cannot refer to one.
    public static let placeholder = "PASTE_TOKEN_HERE"

    /// In the language of the client's file, with a newline at its end. Holds no token.
    public let text: String
    /// Where it goes, and what is to be done about tokens: a sentence or two each.
    public let hints: [String]

    /// The snippet that connects a client to endpoints.
    public init(for client: Client, _ endpoints: [Endpoint]) {
        let writer = SnippetWriter(facts: .of(client), endpoints: Endpoint.named(endpoints))
        text = writer.text
        hints = writer.hints
    }
}

/// Puts the facts about a client and those about endpoints together.
private struct SnippetWriter {
    let facts: ClientFacts
    let endpoints: [Endpoint]

    var text: String {
        switch facts.syntax {
        case .json: document.json
        case .toml: document.toml
        case .yaml: document.yaml
        }
    }

    private var document: Document {
        let entries = endpoints.map { ($0.name, object(facts.entry, of: $0)) }
        switch facts.layout {
        case .list:
            return .list(entries.map(\.1))
        case .object(let key):
            let entries = Document.object(entries.map { Document.Member(key: $0, value: $1) })
            guard case .object(let before) = object(facts.preamble, of: nil) else { return entries }
            return .object(before + [Document.Member(key: key, value: entries)])
        }
    }

    private func object(_ fields: [ClientFacts.Field], of endpoint: Endpoint?) -> Document {
        .object(
            fields.compactMap { field in
                value(field.value, of: endpoint).map { Document.Member(key: field.key, value: $0) }
            })
    }

    /// `nil` for what is left out.
    private func value(_ value: ClientFacts.Value, of endpoint: Endpoint?) -> Document? {
        switch value {
        case .constant(let document): document
        case .object(let fields): object(fields, of: endpoint)
        case .inputs: variables.isEmpty ? nil : .list(variables.map(Self.input))
        case .addresses: .list(unique(endpoints.map(\.address)).map(Document.text))
        case .url: endpoint.map { .text($0.url) }
        case .name: endpoint.map { .text($0.name) }
        case .text(let ifToken, let other): .text(endpoint?.tokenVariable == nil ? other : ifToken)
        case .token: .text(endpoint?.tokenVariable.map(spelling) ?? "")
        case .headers:
            endpoint?.tokenVariable.map { variable in
                .object([Document.Member(key: "Authorization", value: .text("Bearer \(spelling(variable))"))])
            }
        case .tokenVariable: endpoint?.tokenVariable.map(Document.text)
        case .connectArguments:
            endpoint.map { endpoint in
                .list(
                    (["connect", endpoint.url] + (endpoint.tokenVariable.map { ["--token-env", $0] } ?? []))
                        .map(Document.text))
            }
        case .connectEnvironment:
            endpoint?.tokenVariable.map { variable in
                .object([Document.Member(key: variable, value: .text(spelling(variable)))])
            }
        }
    }

    /// The token in a variable, as the client spells it.
    private func spelling(_ variable: String) -> String {
        switch facts.token {
        case .variable(let before, let after): before + variable + after
        case .input: "${input:\(Self.inputID(variable))}"
        case .variableName: variable
        case .written: Snippet.placeholder
        }
    }

    private static func input(_ variable: String) -> Document {
        .object([
            Document.Member(key: "type", value: "promptString"),
            Document.Member(key: "id", value: .text(inputID(variable))),
            Document.Member(key: "description", value: .text("Token of the gateway (\(variable))")),
            Document.Member(key: "password", value: true),
        ])
    }

    private static func inputID(_ variable: String) -> String {
        variable.lowercased().split(separator: "_").joined(separator: "-")
    }

    /// Every variable once, in order.
    private var variables: [String] { unique(endpoints.compactMap(\.tokenVariable)) }

    private func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }

    var hints: [String] {
        var hints = ["\(facts.title): put this \(facts.place)."]
        if !variables.isEmpty {
            let names = variables.joined(separator: ", ")
            switch facts.token {
            case .variable, .variableName:
                hints.append("The client reads the token from its environment: set \(names) before it is started.")
            case .input:
                hints.append("The client asks for the token when it connects for the first time.")
            case .written:
                hints.append(
                    "Write the token in the place of \(Snippet.placeholder); the client cannot read it elsewhere.")
            }
        }
        return hints + facts.remarks
    }
}
