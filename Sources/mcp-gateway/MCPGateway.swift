@main
struct MCPGateway {
    static func main() {}
}
