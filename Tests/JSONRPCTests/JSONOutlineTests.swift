import JSONRPC
import NIOCore
import Testing

@Suite("One level of a JSON value")
struct JSONOutlineTests {
    private func members(_ json: String) -> [String]? {
        JSONOutline.members(of: ByteBuffer(string: json))?.map { "\($0.key)=\(String(buffer: $0.value))" }
    }

    private func elements(_ json: String) -> [String]? {
        JSONOutline.elements(of: ByteBuffer(string: json))?.map { String(buffer: $0) }
    }

    private func string(_ json: String) -> String? {
        JSONOutline.string(ByteBuffer(string: json))
    }

    @Test("the members of an object, in order, with their names decoded and their values untouched")
    func objects() {
        #expect(members("{}") == [])
        #expect(
            members(" { \"a\" : 1.0 , \"\\u0062\\n\":{\"x\":[ ]},\"a\":\"\\u0061\",\"\":null } ")
                == ["a=1.0", "b\n={\"x\":[ ]}", "a=\"\\u0061\"", "=null"])
        #expect(members("{\"a\":1") == nil)
        #expect(members("{\"a\":1} x") == nil)
        #expect(members("{\"a\":[1,{]}") == nil)
        #expect(members("[]") == nil)
        #expect(members("") == nil)
    }

    @Test(
        "some members by their names, and an object of the others",
        arguments: [
            ("{}", [nil, nil], nil, "{}"), (" { \"b\" : [1 , 2] } ", [nil, "[1 , 2]"], nil, "{}"),
            ("{\"x\":1,\"a\":{} ,\"a\\u0062\":2}", ["{}", nil], nil, "{\"x\":1,\"a\\u0062\":2}"),
            ("{\"\\u0061\":1,\"a\":2,\"b\":3,\"b\":4}", ["2", "4"], 0, "{}"),
            ("{\"A\" : 1}", [nil, nil], nil, "{\"A\" : 1}"),
        ] as [(String, [String?], Int?, String)])
    func picking(json: String, values: [String?], repeated: Int?, rest: String) throws {
        let text = ByteBuffer(string: json)
        let picked = try #require(JSONOutline.picking(["a", "b"], from: text))
        for (index, value) in values.enumerated() {
            let place = picked.values[index]
            #expect(place.flatMap { text.getString(at: $0.lowerBound, length: $0.count) } == value)
        }
        #expect(picked.isEmpty == (rest == "{}" && values.allSatisfy { $0 == nil }))
        #expect(picked.repeated == repeated)
        #expect(String(buffer: picked.rest(of: text)) == rest)
        for broken in ["[]", "", "{\"a\":1", "{\"a\":1} x", "7"] {
            #expect(JSONOutline.picking(["a"], from: ByteBuffer(string: broken)) == nil)
        }
    }

    @Test(
        "some members of the object that is the value of a member",
        arguments: [
            (#"{"x":{"a":1}, "m" : {"a": [2] ,"b":"}"},"m":7,"y""#, #"{"a": [2] ,"b":"}"}"#, "[2]"),
            (#"{"\u006d":{"b":1}}"#, #"{"b":1}"#, nil), (#"{"m":{}}"#, "{}", nil),
        ] as [(String, String, String?)])
    func pickingInMember(json: String, object: String, value: String?) throws {
        let text = ByteBuffer(string: json)
        let found = try #require(JSONOutline.picking(["a"], fromMember: "m", of: text))
        #expect(text.getString(at: found.object.lowerBound, length: found.object.count) == object)
        #expect(found.picked.values[0].flatMap { text.getString(at: $0.lowerBound, length: $0.count) } == value)
    }

    @Test(
        "no members are found where there is no such object",
        arguments: ["{}", "", "[]", #"{"m":[1]}"#, #"{"m":{"a":"#])
    func pickingInNothing(json: String) {
        #expect(JSONOutline.picking(["a"], fromMember: "m", of: ByteBuffer(string: json)) == nil)
    }

    @Test("the elements of an array")
    func arrays() {
        #expect(elements("[]") == [])
        #expect(elements("[ 1 , [2,3],\"x\" ,{}]") == ["1", "[2,3]", "\"x\"", "{}"])
        #expect(elements("[1,]") == nil)
        #expect(elements("[1]]") == nil)
        #expect(elements("{}") == nil)
    }

    @Test(
        "the characters of a string",
        arguments: [
            ("\"\"", ""), (" \"a\" ", "a"), ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{C}\n\r\t"),
            ("\"\\u0000\\u00E9\\u20ac\"", "\0é€"), ("\"\\ud83d\\ude00😀\"", "😀😀"), ("\"\\uD83D\"", "\u{FFFD}"),
            ("\"\\ud83dx\"", "\u{FFFD}x"), ("\"\\ude00\\ud83d\"", "\u{FFFD}\u{FFFD}"),
            ("\"\\ud83d\\ud83d\\ude00\"", "\u{FFFD}😀"),
            ("\"\\ud83d\\n\"", "\u{FFFD}\n"), ("\"\\uDBFF\\uDFFF\"", "\u{10FFFF}"),
        ])
    func strings(json: String, expected: String) {
        #expect(string(json)?.unicodeScalars.elementsEqual(expected.unicodeScalars) == true, "\(json)")
    }

    @Test("what is no string has no characters", arguments: ["", "1", "\"a", "\"a\" 1", "\"\\x\"", "null", "[\"a\"]"])
    func notStrings(json: String) {
        #expect(string(json) == nil)
    }
}
