import FuzzSupport
import NIOCore
import Testing

@testable import JSONRPC

@Suite("Newline framing")
struct LineFramerTests {
    /// What a framer made of a stream, in words that are easy to compare.
    private func lines(_ chunks: [ByteBuffer], limit: Int) -> [String] {
        var framer = LineFramer(maximumLength: limit)
        var lines: [String] = []
        func take(_ line: LineFramer.Line) {
            switch line {
            case .line(let bytes): lines.append("line \(String(buffer: bytes))")
            case .oversized(let head): lines.append("oversized \(String(buffer: head))")
            }
        }
        for chunk in chunks {
            framer.append(chunk)
            while let line = framer.next() { take(line) }
        }
        if let line = framer.finish() { take(line) }
        #expect(framer.next() == nil)
        #expect(framer.finish() == nil)
        return lines
    }

    /// The same from the whole stream at once, by splitting it.
    private func reference(_ stream: [UInt8], limit: Int) -> [String] {
        stream.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true).compactMap { line in
            let content = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            if content.count > limit {
                return "oversized \(String(decoding: line.prefix(min(limit, 4096)), as: Unicode.UTF8.self))"
            }
            return content.isEmpty ? nil : "line \(String(decoding: content, as: Unicode.UTF8.self))"
        }
    }

    static let streams = [
        "", "\n", "a", "a\n", "a\nb\n", "a\r\nb\r\n", "\n\n\r\na\n\r\n", "a\rb\n", "a\r\r\n", "12345678\n",
        "12345678\r\n",
        "123456789\n1\n", "12345678\r", "12345678\r1\n", "123456789\r\n", "1234567890123\n\n2\n12345678901234", "\r",
        "\r\n\r",
        "a\u{2028}b\n\u{85}\u{2029}\n", "12345678\r\r\nx\n",
    ]

    @Test("a stream gives the same lines wherever it is cut", arguments: streams)
    func everyCut(stream: String) {
        let bytes = Array(stream.utf8)
        let expected = reference(bytes, limit: 8)
        #expect(lines([ByteBuffer(bytes: bytes)], limit: 8) == expected)
        for position in 0...bytes.count {
            #expect(lines(Chunking.halves(bytes, at: position), limit: 8) == expected, "cut at \(position)")
        }
        for size in 1...3 {
            #expect(lines(Chunking.pieces(bytes, of: size), limit: 8) == expected, "in pieces of \(size)")
        }
    }

    @Test("random streams give the same lines however they are cut", arguments: Fuzzing.seeds())
    func fuzzCuts(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("ab{\"\r\n\n".utf8)
        for _ in 0..<Fuzzing.rounds(2000) {
            let length = Int.random(in: 0...120, using: &generator)
            let stream = (0..<length).compactMap { _ in alphabet.randomElement(using: &generator) }
            let limit = Int.random(in: 1...20, using: &generator)
            let chunks = Chunking.random(stream, upTo: 12, using: &generator)
            #expect(lines(chunks, limit: limit) == reference(stream, limit: limit), "seed \(seed)")
        }
    }

    @Test("[15] only LF ends a line: U+2028, U+0085 and a lone CR stay in it")
    func otherSeparators() {
        #expect(
            lines([ByteBuffer(string: "a\u{2028}b\u{85}c\rd\u{B}\u{C}\n")], limit: 99) == [
                "line a\u{2028}b\u{85}c\rd\u{B}\u{C}"
            ])
    }

    @Test("an oversized line is reported once, before its end has come, and the line after it is good")
    func oversized() {
        var framer = LineFramer(maximumLength: 10_000)
        for _ in 0..<10 { framer.append(ByteBuffer(repeating: UInt8(ascii: "x"), count: 1000)) }
        #expect(framer.next() == nil)
        framer.append(ByteBuffer(string: "yy"))
        #expect(framer.next() == .oversized(head: ByteBuffer(repeating: UInt8(ascii: "x"), count: 4096)))
        for _ in 0..<100 {
            framer.append(ByteBuffer(repeating: UInt8(ascii: "z"), count: 1000))
            #expect(framer.next() == nil)
        }
        framer.append(ByteBuffer(string: "z\nnext\n"))
        #expect(framer.next() == .line(ByteBuffer(string: "next")))
        #expect(framer.next() == nil)
        #expect(framer.finish() == nil)
    }

    @Test("the end of the stream ends a discarded line without a word")
    func endWhileDiscarding() {
        var framer = LineFramer(maximumLength: 2)
        framer.append(ByteBuffer(string: "abcdef"))
        #expect(framer.next() == .oversized(head: ByteBuffer(string: "ab")))
        #expect(framer.next() == nil)
        #expect(framer.finish() == nil)
    }

    @Test("of a line in one-byte chunks every byte is searched once")
    func oneByteChunks() {
        let length = 10_000
        var framer = LineFramer(maximumLength: length)
        var searched = 0
        for _ in 0..<length {
            framer.append(ByteBuffer(string: "x"))
            searched += framer.unsearchedBytes
            #expect(framer.next() == nil)
        }
        #expect(searched == length)
        framer.append(ByteBuffer(string: "\n"))
        #expect(framer.unsearchedBytes == 1)
        #expect(framer.next() == .line(ByteBuffer(repeating: UInt8(ascii: "x"), count: length)))
    }
}
