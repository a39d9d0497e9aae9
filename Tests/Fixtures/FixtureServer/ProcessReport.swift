import Foundation

/// What the process was given by whoever started it.
enum ProcessReport {
    /// A JSON object: arguments, cwd, environment, pid, ppid, pgid, sid, descriptors, blocked and ignored signals.
    static var json: String {
        let members = [
            "\"arguments\":" + array(CommandLine.arguments.dropFirst()),
            "\"cwd\":" + JSONText.quoted(FileManager.default.currentDirectoryPath),
            "\"environment\":" + object(ProcessInfo.processInfo.environment),
            "\"pid\":\(getpid())", "\"ppid\":\(getppid())", "\"pgid\":\(getpgrp())", "\"sid\":\(getsid(0))",
            "\"descriptors\":" + object(descriptors),
            "\"signals\":" + object(signalMasks),
        ]
        return "{" + members.joined(separator: ",") + "}"
    }

    /// Open descriptors and what they are, less the one that reads the directory.
    private static var descriptors: [String: String] {
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        var result: [String: String] = [:]
        for number in numbers {
            result[number] = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")
        }
        return result
    }

    /// The masks of `/proc/self/status` (proc_pid_status(5)), in hexadecimal as they stand there.
    private static var signalMasks: [String: String] {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        var result: [String: String] = [:]
        for line in status.split(separator: "\n") where line.hasPrefix("Sig") {
            let parts = line.split(separator: ":")
            result[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        return result
    }

    private static func array(_ items: some Sequence<String>) -> String {
        "[" + items.map(JSONText.quoted).joined(separator: ",") + "]"
    }

    private static func object(_ items: [String: String]) -> String {
        let members = items.sorted { $0.key < $1.key }.map { JSONText.quoted($0.key) + ":" + JSONText.quoted($0.value) }
        return "{" + members.joined(separator: ",") + "}"
    }
}
