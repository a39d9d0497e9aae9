public import NIOCore

/// One level of a JSON value as byte ranges: its members or elements are found, not decoded.
///
/// Every function checks the whole text and returns nil when it is not JSON or has another shape. The values share
/// the text's storage.
public enum JSONOutline {
    /// A member of an object: its name, escapes decoded, and its value as JSON text.
    public typealias Member = (key: String, value: ByteBuffer)

    /// The members of an object in the order in which they stand, one that stands there twice included.
    public static func members(of json: ByteBuffer) -> [Member]? {
        ranges(of: json)?.map { (decoded(json, $0.key), slice(json, $0.value)) }
    }

    private static func ranges(of json: ByteBuffer) -> [(key: Range<Int>, value: Range<Int>)]? {
        outline(json, opening: UInt8(ascii: "{")) { (reader) throws(ScanError) in
            var members: [(key: Range<Int>, value: Range<Int>)] = []
            var more = try reader.open(depth: 1, closing: UInt8(ascii: "}"))
            while more {
                let key = try reader.key().inner
                let start = reader.offset
                try reader.skipValue(depth: 1)
                members.append((key, start..<reader.offset))
                more = try reader.hasAnother(closing: UInt8(ascii: "}"))
            }
            return members
        }
    }

    /// The value of one member of an object, the first of that name. Reads no further than it must, so the text must be
    /// known to be JSON.
    public static func value(of key: StaticString, in json: ByteBuffer) -> ByteBuffer? {
        let found: Range<Int>? = json.withUnsafeReadableBytes { memory in
            guard var reader = JSONReader(memory, maximumDepth: JSONReader.deepest) else { return nil }
            reader.skipWhitespace()
            guard reader.next == UInt8(ascii: "{") else { return nil }
            guard (try? find(key, with: &reader)) == true else { return nil }
            let start = reader.offset
            return (try? reader.skipValue(depth: 1)).map { start..<reader.offset }
        }
        return found.map { slice(json, $0) }
    }

    /// Reads the object that is next up to the value of the first member of this name.
    ///
    /// - Returns: whether there is one; else the whole object has been read.
    static func find(_ key: StaticString, with reader: inout JSONReader) throws(ScanError) -> Bool {
        var more = try reader.open(depth: 1, closing: UInt8(ascii: "}"))
        while more {
            let name = try reader.key()
            if name.isEscaped {
                let spelling = UnsafeRawBufferPointer(
                    start: reader.bytes + name.inner.lowerBound, count: name.inner.count)
                if key.withUTF8Buffer({ JSONString.unescape(spelling).elementsEqual($0) }) { return true }
            } else if reader.isEqual(name.inner, key) {
                return true
            }
            try reader.skipValue(depth: 1)
            more = try reader.hasAnother(closing: UInt8(ascii: "}"))
        }
        return false
    }

    /// The elements of an array.
    public static func elements(of json: ByteBuffer) -> [ByteBuffer]? {
        outline(json, opening: UInt8(ascii: "[")) { (reader) throws(ScanError) in
            var elements: [Range<Int>] = []
            var more = try reader.open(depth: 1, closing: UInt8(ascii: "]"))
            while more {
                let start = reader.offset
                try reader.skipValue(depth: 1)
                elements.append(start..<reader.offset)
                more = try reader.hasAnother(closing: UInt8(ascii: "]"))
            }
            return elements
        }?.map { slice(json, $0) }
    }

    /// The characters of a string. Half a surrogate pair, which JSON can spell and Unicode cannot, becomes U+FFFD.
    public static func string(_ json: ByteBuffer) -> String? {
        outline(json, opening: UInt8(ascii: "\"")) { (reader) throws(ScanError) in
            let start = reader.offset
            _ = try reader.skipString()
            return start + 1..<reader.offset - 1
        }.map { decoded(json, $0) }
    }

    /// Reads all of `json`, if it begins with `opening`, with `body` as the reader of that one value.
    static func outline<Ranges>(
        _ json: ByteBuffer, opening: UInt8, _ body: (inout JSONReader) throws(ScanError) -> Ranges
    ) -> Ranges? {
        json.withUnsafeReadableBytes { memory in
            guard var reader = JSONReader(memory, maximumDepth: JSONReader.deepest) else { return nil }
            reader.skipWhitespace()
            guard reader.next == opening, let ranges = try? body(&reader) else { return nil }
            do throws(ScanError) { try reader.finish() } catch { return nil }
            return ranges
        }
    }

    static func slice(_ json: ByteBuffer, _ range: Range<Int>) -> ByteBuffer {
        json.getSlice(at: json.readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
    }

    private static func decoded(_ json: ByteBuffer, _ inner: Range<Int>) -> String {
        json.withUnsafeReadableBytes { JSONString.decode(UnsafeRawBufferPointer(rebasing: $0[inner])) }
    }
}
