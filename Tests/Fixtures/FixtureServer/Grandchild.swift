import Foundation

/// A process the server leaves behind, as `npx` and `uvx` do.
enum Grandchild {
    enum Kind {
        case none
        case ordinary
        case ignoresSIGTERM
    }

    /// Starts `sleep` in the server's own process group with the server's own pipes, and says its pid on stderr.
    static func leave(_ kind: Kind) {
        let script: String
        switch kind {
        case .none: return
        case .ordinary: script = "exec sleep 3600"
        case .ignoresSIGTERM: script = "trap '' TERM; exec sleep 3600"
        }
        var pid: pid_t = 0
        let words = ["sh", "-c", script]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { word in word.withCString { strdup($0) } } + [nil]
        let failure = posix_spawn(&pid, "/bin/sh", nil, nil, &arguments, nil)
        for argument in arguments { free(argument) }
        StandardError.write(failure == 0 ? "grandchild \(pid)\n" : "no grandchild: errno \(failure)\n")
    }
}
