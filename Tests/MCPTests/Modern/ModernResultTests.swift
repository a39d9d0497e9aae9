import JSONRPC
import MCP
import NIOCore
import Testing

@Suite struct ModernResultTests {
    private static let mark = ServerMark(ByteBuffer(string: #"{"name":"s","version":"1"}"#))

    private static func completed(_ result: String, _ caching: ModernResult.Caching? = nil) throws -> String {
        let response = ByteBuffer(string: #"{"jsonrpc":"2.0","id":"a","result":\#(result)}"#)
        let completed = try #require(ModernResult.completing(response, mark: mark, caching: caching))
        let text = String(buffer: completed)
        #expect(text.hasPrefix(#"{"jsonrpc":"2.0","id":"a","result":"#))
        return String(text.dropFirst(#"{"jsonrpc":"2.0","id":"a","result":"#.count).dropLast())
    }

    @Test(
        "[63] a result says that it is complete and who served it, and keeps whatever it said",
        arguments: [
            (
                "{}",
                #"{"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"}}}"#
            ),
            (
                #"{"content":[ 1e2 ]}"#,
                #"{"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"}},"#
                    + #""content":[ 1e2 ]}"#
            ),
            (
                #"{"_meta":{"x":1},"a":2}"#,
                #"{"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"},"#
                    + #""x":1},"a":2}"#
            ),
            (
                #"{"_meta":{},"resultType":"task"}"#,
                #"{"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"}},"#
                    + #""resultType":"task"}"#
            ),
            (
                #"{"a":1,"result\u0054ype":"input_required","_meta":null}"#,
                #"{"a":1,"result\u0054ype":"complete","#
                    + #""_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"}}}"#
            ),
            (
                #"{"resultType":7,"_meta":[1]}"#,
                #"{"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"}}}"#
            ),
            (
                #"{"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"own"}}}"#,
                #"{"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"own"}}}"#
            ),
        ])
    func completing(result: String, completed: String) throws {
        #expect(try Self.completed(result) == completed)
    }

    @Test(
        "[156] what one of several servers says of itself gives way to what they are together",
        arguments: [false, true])
    func merged(isMerged: Bool) throws {
        let own = #"{"name":"own"}"#
        let response = ByteBuffer(
            string: #"{"id":1,"result":{"_meta":{"x":1,"io.modelcontextprotocol/serverInfo":\#(own),"y":2},"a":3}}"#)
        let completed = try #require(
            ModernResult.completing(response, mark: Self.mark, caching: nil, isMerged: isMerged))
        let info = isMerged ? #"{"name":"s","version":"1"}"# : own
        #expect(
            String(buffer: completed)
                == #"{"id":1,"result":{"resultType":"complete","_meta":{"x":1,"io.modelcontextprotocol/serverInfo":"#
                + info + #","y":2},"a":3}}"#)
    }

    @Test(
        "what holds no result object is not completed",
        arguments: [
            #"{"jsonrpc":"2.0","id":1,"result":[1]}"#, #"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}"#,
            #"{"jsonrpc":"2.0","error":{"code":1,"message":"m","data":{"result":{}}},"id":1}"#, "", "[]", "{",
            #"{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","resultType":"input_required"}}"#,
            #"{"jsonrpc":"2.0","id":1,"result":{"_meta":{},"_meta":{}}}"#,
        ])
    func incomplete(response: String) {
        let completed = ModernResult.completing(
            ByteBuffer(string: response), mark: Self.mark, caching: ModernResult.Caching.none)
        #expect(completed == nil)
    }

    @Test("[63] [81] what a result says of itself is completed wherever it stands", arguments: [false, true])
    func order(isMetaFirst: Bool) throws {
        let (meta, scope) = (#""_meta":{"a":1}"#, #""cacheScope":"public""#)
        let members = isMetaFirst ? "\(meta),\(scope)" : "\(scope),\(meta)"
        let response = ByteBuffer(string: #"{"result":{\#(members)},"id":1,"jsonrpc":"2.0"}"#)
        let completed = try #require(
            ModernResult.completing(
                response, mark: Self.mark, caching: ModernResult.Caching.none, isPersonal: true))
        let info = #""io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"}"#
        let own = [#""_meta":{\#(info),"a":1}"#, #""cacheScope":"private""#]
        let text = (isMetaFirst ? own : own.reversed()).joined(separator: ",")
        #expect(
            String(buffer: completed)
                == #"{"result":{"resultType":"complete","ttlMs":0,\#(text)},"id":1,"jsonrpc":"2.0"}"#)
    }

    @Test("[81] a result that may be kept says for how long and by whom, unless the server said so")
    func caching() throws {
        let mine = ModernResult.Caching(timeToLive: 5000, isPublic: false)
        #expect(
            try Self.completed(#"{"tools":[]}"#, mine).hasPrefix(
                #"{"resultType":"complete","ttlMs":5000,"cacheScope":"private","_meta""#))
        for wrong in [#""ttlMs":-5,"cacheScope":7"#, #""ttlMs":"x","cacheScope":"PUBLIC""#] {
            let mended = try Self.completed("{\(wrong),\"tools\":[]}", mine)
            #expect(mended.contains(#""ttlMs":5000,"cacheScope":"private""#), "\(mended)")
        }
        let said = try Self.completed(#"{"ttlMs":7,"cacheScope":"public","tools":[]}"#, mine)
        #expect(said.contains(#""ttlMs":7,"cacheScope":"public""#))
        #expect(!said.contains("5000"))
    }

    @Test("[81] what not everybody may have, is private whatever its server says")
    func personal() throws {
        let said = ByteBuffer(
            string: #"{"jsonrpc":"2.0","id":1,"result":{"cacheScope":"public","ttlMs":7,"tools":[]}}"#)
        let completed = ModernResult.completing(
            said, mark: .none, caching: ModernResult.Caching.none, isPersonal: true)
        let text = try String(buffer: #require(completed))
        #expect(text.contains(#""cacheScope":"private","ttlMs":7"#) && !text.contains("public"))
        let elsewhere = try #require(
            ModernResult.completing(said, mark: .none, caching: nil, isPersonal: true))
        #expect(String(buffer: elsewhere).contains(#""cacheScope":"public""#), "not a result that is kept")
    }

    @Test(
        "[157] merged, results may be kept as the most careful of them says",
        arguments: [
            ([#""ttlMs":7,"cacheScope":"public""#, #""ttlMs":5,"cacheScope":"public""#], 5, true),
            ([#""ttlMs":7,"cacheScope":"public""#, #""ttlMs":9,"cacheScope":"private""#], 7, false),
            ([#""ttlMs":7,"cacheScope":"public""#, #""x":1"#], 0, false),
            ([#""ttlMs":-1,"cacheScope":"PUBLIC""#], 0, false),
            ([#""ttlMs":"5","cacheScope":7"#], 0, false),
        ])
    func mergedCaching(results: [String], timeToLive: Int, isPublic: Bool) {
        let merged = results.reduce(ModernResult.Caching.unlimited) { merged, result in
            let members = JSONOutline.members(of: ByteBuffer(string: "{\(result)}")) ?? []
            return merged.merged(with: ModernResult.Caching(of: members))
        }
        #expect(merged == ModernResult.Caching(timeToLive: timeToLive, isPublic: isPublic))
    }

    @Test(
        "[84] [85] codes of earlier revisions and reserved ones are translated, others are not",
        arguments: [
            (#"{"code":-32002,"message":"m","data":{"uri":"u"}}"#, -32602, #"{"uri":"u"}"#),
            (
                #"{"code":-32042,"message":"m"}"#, -32603, #"{"code":-32042,"message":"m"}"#
            ),
            (#"{"code":-32000,"message":"m"}"#, -32603, #"{"code":-32000,"message":"m"}"#),
            (#"{"code":-32020,"message":"m"}"#, -32603, #"{"code":-32020,"message":"m"}"#),
            (#"{"message":"m"}"#, -32603, #"{"message":"m"}"#),
            (#"{"code":-32021,"message":"m"}"#, -32603, #"{"code":-32021,"message":"m"}"#),
            (#"{"code":1,"cod\u0065":-32000,"message":"m"}"#, -32603, #"{"code":1,"cod\u0065":-32000,"message":"m"}"#),
        ])
    func translated(error: String, code: Int, data: String) throws {
        let translated = try #require(ModernError.translating(ByteBuffer(string: error)))
        #expect(translated.code == code)
        #expect(translated.message == "m")
        #expect(translated.data.map { String(buffer: $0) } == data)
    }

    @Test(
        "errors that mean the same in every revision stay as they are",
        arguments: ["-32601", "-32602", "-32603", "5", "-1", #"-32021,"data":{"requiredCapabilities":{"roots":{}}}"#])
    func untranslated(code: String) {
        #expect(ModernError.translating(ByteBuffer(string: #"{"message":"m","code":\#(code)}"#)) == nil)
    }
}
