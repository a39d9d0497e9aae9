internal import Glibc

/// How much the fuzz tests do, and with which seeds.
///
/// By default they do the same in every run, so that a failure is the fault of what was changed. `scripts/fuzz.sh` sets
/// `FUZZ_SEED` and `FUZZ_ROUNDS` in order to look further.
public enum Fuzzing {
    /// How many times the usual number of rounds a test makes: `FUZZ_ROUNDS`, or 1.
    public static let factor = number("FUZZ_ROUNDS", 1...1000).map(Int.init) ?? 1

    /// The only seed that tests shall use, if there is one: `FUZZ_SEED`.
    public static let seed = number("FUZZ_SEED", 0...UInt64.max)

    /// How many rounds a test makes that usually makes so many.
    public static func rounds(_ usual: Int) -> Int {
        usual * factor
    }

    /// The seeds of a test: these, or only the one from the environment.
    public static func seeds(_ usual: ClosedRange<UInt64> = 1...1) -> [UInt64] {
        seed.map { [$0] } ?? Array(usual)
    }

    private static func number(_ name: String, _ range: ClosedRange<UInt64>) -> UInt64? {
        guard let text = getenv(name).map({ String(cString: $0) }) else { return nil }
        guard let number = UInt64(text), range.contains(number) else {
            preconditionFailure("\(name)=\(text) is no whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
