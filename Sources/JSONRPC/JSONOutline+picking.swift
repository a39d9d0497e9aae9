public import NIOCore

extension JSONOutline {
    /// Where some members of an object stand, and where all others do, counted from the text's first byte.
    public struct Picked: Sendable {
        /// Of each name that was asked for, in the same order, where its value stands: the last, if it stands there
        /// more than once.
        public fileprivate(set) var values = InlineArray<4, Range<Int>?>(repeating: nil)
        /// Which of the names stands there more than once, by its place among them: the first that was found.
        public fileprivate(set) var repeated: Int?
        /// The other members, from each name's quote to the end of its value, where they are noted.
        public fileprivate(set) var others: [Range<Int>] = []
        /// Whether the object has no members.
        public fileprivate(set) var isEmpty = true

        fileprivate init() {}

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
    ///
    /// - Parameter names: at most four.
    public static func picking(_ names: [StaticString], from json: ByteBuffer) -> Picked? {
        outline(json, opening: UInt8(ascii: "{")) { (reader) throws(ScanError) in
            try pick(names, with: &reader, depth: 1, notesOthers: true)
        }
    }

    /// The same of the object that is the value of one member, the first of that name. Reads no further than it must, so
    /// the text must be known to be JSON.
    ///
    /// - Parameter names: at most four.
    /// - Returns: where that object stands, and these of its members, all counted from the text's first byte; `nil` if
    ///   there is no such member, or it is no object.
    public static func picking(
        _ names: [StaticString], fromMember key: StaticString, of json: ByteBuffer
    ) -> (object: Range<Int>, picked: Picked)? {
        json.withUnsafeReadableBytes { memory in
            guard var reader = JSONReader(memory, maximumDepth: JSONReader.deepest) else { return nil }
            reader.skipWhitespace()
            guard reader.next == UInt8(ascii: "{"), (try? find(key, with: &reader)) == true,
                reader.next == UInt8(ascii: "{")
            else { return nil }
            let start = reader.offset
            return (try? pick(names, with: &reader, depth: 2, notesOthers: false)).map { (start..<reader.offset, $0) }
        }
    }

    /// Reads the object that is next.
    private static func pick(
        _ names: [StaticString], with reader: inout JSONReader, depth: Int, notesOthers: Bool
    ) throws(ScanError) -> Picked {
        var picked = Picked()
        var more = try reader.open(depth: depth, closing: UInt8(ascii: "}"))
        picked.isEmpty = !more
        while more {
            let start = reader.offset
            let name = try reader.key()
            let value = reader.offset
            try reader.skipValue(depth: depth)
            if let index = index(of: name, among: names, reader) {
                if picked.values[index] != nil, picked.repeated == nil { picked.repeated = index }
                picked.values[index] = value..<reader.offset
            } else if notesOthers {
                picked.others.append(start..<reader.offset)
            }
            more = try reader.hasAnother(closing: UInt8(ascii: "}"))
        }
        return picked
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
