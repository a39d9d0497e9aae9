import Foundation

/// An MCP server over stdio that behaves well by default and misbehaves on request.
///
/// It shares no code with the gateway on purpose: it is one of the independent peers the gateway is tested against.
/// `fixture-server --help` lists what it can be asked to do.
@main
struct FixtureServer {
    static func main() async {
        let options: Options
        do {
            options = try Options(arguments: Array(CommandLine.arguments.dropFirst()))
        } catch let problem as Options.Problem {
            StandardError.write("fixture-server: \(problem.text)\n")
            exit(64)
        } catch {
            exit(70)
        }
        if options.help {
            StandardError.write(Options.usage)
            exit(0)
        }
        StartUp.perform(options)
        await Server(options: options).run()
        if options.ignoreEOF {
            while true { pause() }
        }
        exit(0)
    }
}
