public import ArgumentParser
public import GatewayConfiguration

// Public, as a conformance of a public type has to be.
extension ImportFormat: ExpressibleByArgument {}
