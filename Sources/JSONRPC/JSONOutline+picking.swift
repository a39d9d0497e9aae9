public import NIOCore

extension JSONOutline {
    /// Where some members of an object stand, and where all others do, counted from the text's first byte.
    public struct Picked: Sendable, Equatable {
        /// Of each name that was asked for, in the same order, where its value stands: the last, if it stands there
        /// more than once.
        public fileprivate(set) var values: [Range<Int>?]
        /// Which of the names stands there more than once, by its place among them: the first that was found.
        public fileprivate(set) var repeated: Int?
        /// The other members, from each name's quote to the end of its value.
        public fileprivate(set) var others: [Range<Int>] = []

        /// The object of the other members alone.
        ///
        /// - Parameter json: the text that was looked at.
        public func rest(of json: ByteBuffer) -> ByteBuffer {
            guard !others.isEmpty else { return Self.empty }
            var rest = ByteBuffer()
            rest.reserveCapacity(json.readableBytes)
            var separator: StaticString = "{"
            for member in others {
                rest.writeStaticString(separator)
                rest.writeImmutableBuffer(JSONOutline.slice(json, member))
                separator = ","
            }
            rest.writeStaticString("}")
            return rest
        }

        private static let empty = ByteBuffer(string: "{}")
    }

    /// Looks for members of an object by their names, in one pass and without decoding those that are not written with
    /// escapes.
    public static func picking(_ names: [StaticString], from json: ByteBuffer) -> Picked? {
        outline(json, opening: UInt8(ascii: "{")) { (reader) throws(ScanError) in
            var picked = Picked(values: Array(repeating: nil, count: names.count))
            var more = try reader.open(depth: 1, closing: UInt8(ascii: "}"))
            while more {
                let start = reader.offset
                let name = try reader.key()
                let value = reader.offset
                try reader.skipValue(depth: 1)
                if let index = index(of: name, among: names, reader) {
                    if picked.values[index] != nil, picked.repeated == nil { picked.repeated = index }
                    picked.values[index] = value..<reader.offset
                } else {
                    picked.others.append(start..<reader.offset)
                }
                more = try reader.hasAnother(closing: UInt8(ascii: "}"))
            }
            return picked
        }
    }

    private static func index(
        of name: (inner: Range<Int>, isEscaped: Bool), among names: [StaticString], _ reader: JSONReader
    ) -> Int? {
        guard name.isEscaped else { return names.firstIndex { reader.isEqual(name.inner, $0) } }
        let spelling = UnsafeRawBufferPointer(start: reader.bytes + name.inner.lowerBound, count: name.inner.count)
        let decoded = JSONString.unescape(spelling)
        return names.firstIndex { $0.withUTF8Buffer { decoded.elementsEqual($0) } }
    }
}
