import MCP
import Testing

@Suite struct HeaderValueTests {
    @Test(
        "[70] [141] a value goes as it is where a header can carry it, else as marked Base64",
        arguments: [
            ("us-west1", "us-west1"), ("us west 1", "us west 1"), ("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="),
            (" padded ", "=?base64?IHBhZGRlZCA=?="), ("line1\nline2", "=?base64?bGluZTEKbGluZTI=?="),
            ("line1\r\nline2", "=?base64?bGluZTENCmxpbmUy?="), ("\tindented", "=?base64?CWluZGVudGVk?="),
            ("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="), ("", "=?base64??="),
            ("=?BASE64?literal?=", "=?BASE64?literal?="), ("=?base64?half", "=?base64?half"),
            ("=?base64?=", "=?base64?="),
        ])
    func encoding(value: String, field: String) {
        #expect(HeaderValue.encoded(value) == field)
        #expect(HeaderValue.decoded(field) == value)
    }

    @Test(
        "[70] marked Base64 that nobody writes stands for nothing",
        arguments: [
            "=?base64?SGVsbG8?=", "=?base64?SGVsbG8*?=", "=?base64?SGVsbG9=?=", "=?base64?S===?=", "=?base64?/w==?=",
            "=?base64?SGVs bG8=?=", "=?base64?=SGV?=",
        ])
    func damaged(field: String) {
        #expect(HeaderValue.decoded(field) == nil)
    }

    @Test(
        "Base64 is that of RFC 4648 §10",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func vectors(text: String, encoded: String) {
        #expect(Base64.text(of: text.utf8) == encoded)
        #expect(Base64.text(of: text.utf8, padded: false) == encoded.filter { $0 != "=" })
        #expect(Base64.bytes(of: encoded) == Array(text.utf8))
    }

    @Test("every byte survives Base64")
    func bytes() {
        let all = Array(UInt8.min...UInt8.max)
        for length in 0..<all.count {
            #expect(Base64.bytes(of: Base64.text(of: all.suffix(length))) == Array(all.suffix(length)))
        }
    }
}
