public import NIOCore

extension JSONText {
    /// An object of these members, whose values are JSON text, in this order.
    public static func object(_ members: [(key: String, value: ByteBuffer)]) -> ByteBuffer {
        var object = ByteBuffer()
        object.writeString("{")
        for (index, member) in members.enumerated() {
            if index > 0 { object.writeString(",") }
            write(member.key, into: &object)
            object.writeString(":")
            object.writeImmutableBuffer(member.value)
        }
        object.writeString("}")
        return object
    }

    /// An array of these elements, which are JSON text.
    public static func array(_ elements: [ByteBuffer]) -> ByteBuffer {
        var array = ByteBuffer()
        array.writeString("[")
        for (index, element) in elements.enumerated() {
            if index > 0 { array.writeString(",") }
            array.writeImmutableBuffer(element)
        }
        array.writeString("]")
        return array
    }
}
