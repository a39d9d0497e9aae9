internal import CSystemd
internal import GatewayLog
public import Logging

/// How soon the service manager takes a silent service for hung, sd_watchdog_enabled(3): the unit's `WatchdogSec=`.
public enum WatchdogInterval {
    /// The longest silence that this process may keep; `nil` if the manager does not watch it.
    ///
    /// - Parameter logger: is told of a `WATCHDOG_USEC` that makes no sense, which is otherwise taken for none.
    public static func current(logger: Logger) -> Duration? {
        current(logger: logger) { sd_watchdog_enabled(0, &$0) }
    }

    /// - Parameter ask: behaves as sd_watchdog_enabled does: negative: an errno value, 0: not watched.
    static func current(logger: Logger, ask: (inout UInt64) -> Int32) -> Duration? {
        var microseconds: UInt64 = 0
        let result = ask(&microseconds)
        guard result >= 0 else {
            logger.log(.watchdogMalformed, [.errorNumber: "\(-result)"])
            return nil
        }
        return result == 0 ? nil : .microseconds(Int64(clamping: microseconds))
    }
}
