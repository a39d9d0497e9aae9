// swift-tools-version: 6.2
import PackageDescription

/// Every target is compiled the same way; what differs between them is only what they may import.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let metrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

/// What the page for operators consists of; `PageAsset` serves them.
let pageFiles = [
    "page.html", "style.css", "icon.svg", "main.js", "api.js", "dom.js", "table.js", "drawer.js", "tools.js",
]

/// The rooms of the house, from the bottom up: a target imports only targets above it in this list
/// (`docs/architecture.md`). CI checks it with `--explicit-target-dependency-import-check error`.
let rooms: [Target] = [
    .target(name: "JSONRPC", dependencies: [nioCore], swiftSettings: settings),
    .target(name: "MCP", dependencies: ["JSONRPC", nioCore], swiftSettings: settings),
    .target(name: "GatewayConfiguration", dependencies: ["MCP"], swiftSettings: settings),
    .target(name: "ClientSetup", dependencies: ["JSONRPC"], swiftSettings: settings),

    .target(name: "GatewayLog", dependencies: ["JSONRPC", logging], swiftSettings: settings),

    .target(name: "CMemory"),
    .target(name: "CSpawn"),
    .target(name: "Spawn", dependencies: ["CSpawn"], swiftSettings: settings),
    .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
    .target(name: "Systemd", dependencies: ["CSystemd", "GatewayLog", logging], swiftSettings: settings),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .target(name: "Curl", dependencies: ["CCurl", nioCore], swiftSettings: settings),

    .target(
        name: "Supervision", dependencies: ["GatewayLog", "MCP", "JSONRPC", nioCore, logging],
        swiftSettings: settings),
    .target(
        name: "GatewayMetrics", dependencies: ["Supervision", "JSONRPC", nioCore, metrics], swiftSettings: settings),
    .target(
        name: "Upstreams",
        dependencies: ["Supervision", "Spawn", "Curl", "MCP", "JSONRPC", nioCore, nioPosix, logging],
        swiftSettings: settings),
    .target(
        name: "GatewayCore",
        dependencies: ["Supervision", "GatewayLog", "MCP", "JSONRPC", nioCore, logging],
        swiftSettings: settings),
    .target(
        name: "Downstream",
        dependencies: [
            "GatewayCore", "ClientSetup", "GatewayMetrics", "Supervision", "GatewayLog", "MCP", "JSONRPC", nioCore,
            nioPosix, nioHTTP1,
            logging,
        ],
        resources: pageFiles.map { .embedInCode("Page/\($0)") },
        swiftSettings: settings),
    .target(
        name: "Bridge",
        dependencies: ["GatewayCore", "Supervision", "MCP", "JSONRPC", nioCore, logging], swiftSettings: settings),
    .executableTarget(
        name: "mcp-gateway",
        dependencies: [
            "Downstream", "Bridge", "GatewayCore", "Upstreams", "Supervision", "GatewayConfiguration", "ClientSetup",
            "GatewayMetrics", "MCP",
            "JSONRPC", "Spawn", "Curl", "Systemd", "GatewayLog", "CMemory", nioCore, nioPosix, logging,
            serviceLifecycle,
            unixSignals,
            argumentParser,
        ],
        resources: [.embedInCode("Resources/mcp-gateway.schema.json")],
        swiftSettings: settings),
]

/// Measures the gateway from outside; `scripts/bench.sh` and `scripts/instructions.sh` run it.
let bench: [Target] = [
    .executableTarget(
        name: "gateway-bench",
        dependencies: ["Spawn", "JSONRPC", nioCore, nioPosix, nioHTTP1, argumentParser],
        swiftSettings: settings)
]

/// An MCP server that misbehaves on request, a program to be killed, and what several test targets share.
let fixtures: [Target] = [
    .executableTarget(
        name: "fixture-server", dependencies: [], path: "Tests/Fixtures/FixtureServer", swiftSettings: settings),
    .executableTarget(
        name: "spawn-host", dependencies: ["Spawn"], path: "Tests/Fixtures/SpawnHost", swiftSettings: settings),
    .target(
        name: "TestSupport",
        dependencies: ["Supervision", "GatewayLog", "MCP", "JSONRPC", nioCore, nioPosix, logging],
        path: "Tests/Fixtures/TestSupport", swiftSettings: settings),
    .target(
        name: "TestHTTP", dependencies: [nioCore, nioPosix, nioHTTP1],
        path: "Tests/Fixtures/TestHTTP", swiftSettings: settings),
    .target(name: "FuzzSupport", path: "Tests/Fixtures/FuzzSupport", swiftSettings: settings),
]

let tests: [Target] = [
    .testTarget(name: "JSONRPCTests", dependencies: ["JSONRPC", "FuzzSupport", nioCore], swiftSettings: settings),
    .testTarget(name: "MCPTests", dependencies: ["MCP", "JSONRPC", nioCore], swiftSettings: settings),
    .testTarget(
        name: "GatewayConfigurationTests", dependencies: ["GatewayConfiguration", "FuzzSupport"],
        exclude: ["Golden"], swiftSettings: settings),
    .testTarget(
        name: "GatewayMetricsTests", dependencies: ["GatewayMetrics", "Supervision", "JSONRPC", nioCore],
        swiftSettings: settings),
    .testTarget(
        name: "BridgeTests",
        dependencies: ["Bridge", "Supervision", "TestSupport", "MCP", "JSONRPC", nioCore, nioPosix, logging],
        swiftSettings: settings),
    .testTarget(name: "SpawnTests", dependencies: ["Spawn", "spawn-host"], swiftSettings: settings),
    .testTarget(
        name: "SystemdTests", dependencies: ["Systemd", "CSystemd", "GatewayLog", logging], swiftSettings: settings),
    .testTarget(
        name: "GatewayLogTests", dependencies: ["GatewayLog", "JSONRPC", nioCore, logging], swiftSettings: settings),
    .testTarget(
        name: "CurlTests", dependencies: ["Curl", "TestHTTP", "FuzzSupport", nioCore, nioPosix], exclude: ["Servers"],
        swiftSettings: settings),
    .testTarget(
        name: "SupervisionTests",
        dependencies: [
            "Supervision", "GatewayLog", "TestSupport", "FuzzSupport", "MCP", "JSONRPC", nioCore, nioPosix, logging,
        ],
        swiftSettings: settings),
    .testTarget(
        name: "UpstreamsTests",
        dependencies: [
            "Upstreams", "Supervision", "Spawn", "Curl", "TestSupport", "TestHTTP", "FuzzSupport", "MCP", "JSONRPC",
            "fixture-server", nioCore, nioPosix, logging,
        ],
        swiftSettings: settings),
    .testTarget(
        name: "GatewayCoreTests",
        dependencies: [
            "GatewayCore", "Supervision", "GatewayLog", "TestSupport", "FuzzSupport", "MCP", "JSONRPC", nioCore,
            nioPosix,
            logging,
        ],
        swiftSettings: settings),
    .testTarget(
        name: "DownstreamTests",
        dependencies: [
            "Downstream", "GatewayCore", "Supervision", "GatewayLog", "TestSupport", "FuzzSupport", "MCP", "JSONRPC",
            nioCore, nioPosix, nioHTTP1, nioEmbedded, logging,
        ],
        swiftSettings: settings),
]

let package = Package(
    name: "mcp-gateway",
    products: [.executable(name: "mcp-gateway", targets: ["mcp-gateway"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: rooms + bench + fixtures + tests,
    swiftLanguageModes: [.v6]
)
