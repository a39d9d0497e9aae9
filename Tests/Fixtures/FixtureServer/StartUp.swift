import Foundation

/// What happens before the first byte of stdin is read.
enum StartUp {
    static func perform(_ options: Options) {
        signal(SIGPIPE, SIG_IGN)
        if options.ignoreSIGTERM { signal(SIGTERM, SIG_IGN) }
        if let code = options.exitOnStart { Self.leave(code, because: "told to exit on start") }
        Grandchild.leave(options.grandchild)
        StandardError.flood(bytes: options.floodStandardError)
        if options.startDelay > 0 { Thread.sleep(forTimeInterval: Double(options.startDelay) / 1000) }
    }

    /// Ends the process as a crash does: nothing is flushed, nothing is answered.
    static func leave(_ code: Int32, because reason: String) -> Never {
        StandardError.write("fixture-server: \(reason)\n")
        _exit(code)
    }
}
