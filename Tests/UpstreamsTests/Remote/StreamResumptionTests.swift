import Testing

@testable import Upstreams

/// When a broken stream is asked for again.
struct StreamResumptionTests {
    @Test("140: an answer is resumed after what the server asked for, else after a second, from its last event")
    func answer() {
        var resumption = StreamResumption(.answer)
        resumption.heard(lastEventID: "7")
        #expect(resumption.broke(openFor: .zero) == .reopen(after: .seconds(1), lastEventID: "7"))
        resumption.heard(lastEventID: "8")
        resumption.ended(lastEventID: "8", retryMilliseconds: 500)
        #expect(resumption.broke(openFor: .zero) == .reopen(after: .milliseconds(500), lastEventID: "8"))
    }

    @Test("140: what cannot be found again is lost at once: no id was given, or it was taken back")
    func withoutID() {
        var resumption = StreamResumption(.answer)
        #expect(resumption.broke(openFor: .zero) == .giveUp)
        resumption.heard(lastEventID: nil)
        #expect(resumption.broke(openFor: .zero) == .giveUp)
        resumption.heard(lastEventID: "7")
        resumption.heard(lastEventID: nil, isReset: true)
        #expect(resumption.broke(openFor: .zero) == .giveUp)
    }

    @Test("an id stays known on a stream that has brought none since it was opened again")
    func remembered() {
        var resumption = StreamResumption(.answer)
        resumption.heard(lastEventID: "7")
        resumption.ended(lastEventID: "7", retryMilliseconds: nil)
        resumption.heard(lastEventID: nil)
        resumption.ended(lastEventID: nil, retryMilliseconds: nil)
        #expect(resumption.broke(openFor: .zero) == .reopen(after: .seconds(1), lastEventID: "7"))
    }

    @Test("an id without data is progress")
    func idAlone() {
        var resumption = StreamResumption(.answer)
        resumption.ended(lastEventID: "1", retryMilliseconds: nil)
        for number in 2...100 {
            #expect(resumption.broke(openFor: .zero) == .reopen(after: .seconds(1), lastEventID: "\(number - 1)"))
            resumption.ended(lastEventID: "\(number)", retryMilliseconds: nil)
        }
    }

    @Test(
        "a wait is neither a storm nor for ever, whatever the server says",
        arguments: [
            (0, Duration.milliseconds(10)), (10, .milliseconds(10)), (60_000, .seconds(60)), (Int.max, .seconds(60)),
        ])
    func bounds(asked: Int, waited: Duration) {
        var resumption = StreamResumption(.answer)
        resumption.heard(lastEventID: "7")
        resumption.ended(lastEventID: "7", retryMilliseconds: asked)
        #expect(resumption.broke(openFor: nil) == .reopen(after: waited, lastEventID: "7"))
    }

    @Test("an answer is given up after five tries that brought nothing, each waiting twice as long")
    func patience() {
        var resumption = StreamResumption(.answer)
        resumption.heard(lastEventID: "7")
        for seconds in [1, 2, 4, 8, 16] {
            #expect(resumption.broke(openFor: nil) == .reopen(after: .seconds(seconds), lastEventID: "7"))
        }
        #expect(resumption.broke(openFor: nil) == .giveUp)
    }

    @Test("one event, or a while of silence on an open stream, and the count begins anew")
    func progress() {
        for progress in [{ $0.heard(lastEventID: nil) }, { _ in }] as [(inout StreamResumption) -> Void] {
            var resumption = StreamResumption(.answer)
            resumption.heard(lastEventID: "7")
            for _ in 1...4 { _ = resumption.broke(openFor: nil) }
            progress(&resumption)
            #expect(
                resumption.broke(openFor: .seconds(5)) == .reopen(after: .seconds(1), lastEventID: "7"))
        }
    }

    @Test("the stream of news is never given up, but is asked for ever more rarely")
    func news() {
        var resumption = StreamResumption(.news)
        #expect(resumption.broke(openFor: nil) == .reopen(after: .seconds(1), lastEventID: nil))
        for _ in 1...1000 { _ = resumption.broke(openFor: .seconds(4)) }
        #expect(resumption.broke(openFor: nil) == .reopen(after: .seconds(60), lastEventID: nil))
        resumption.heard(lastEventID: "a")
        #expect(resumption.broke(openFor: nil) == .reopen(after: .seconds(1), lastEventID: "a"))
    }
}
