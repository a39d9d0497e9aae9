@main
struct FixtureServer {
    static func main() {}
}
