public import ArgumentParser
public import ClientSetup

// Public, as a conformance of a public type has to be.
extension Client: ExpressibleByArgument {}
