extension [UInt8] {
    /// Changes these bytes in one place: one of them or a bit, a stretch taken away or repeated, a cut, or one of the
    /// tokens put in.
    public mutating func damage(inserting tokens: [[UInt8]], using random: inout SeededGenerator) {
        guard !isEmpty else { return }
        let place = Int.random(in: indices, using: &random)
        let end = Swift.min(count, place + Int.random(in: 1...12, using: &random))
        switch Int.random(in: 0..<8, using: &random) {
        case 0: self[place] = UInt8.random(in: 0...255, using: &random)
        case 1: self[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: remove(at: place)
        case 3: removeSubrange(place..<end)
        case 4: removeLast(count - place)
        case 5: insert(contentsOf: self[place..<end], at: Int.random(in: 0...count, using: &random))
        case 6: replaceSubrange(place..<end, with: tokens.randomElement(using: &random) ?? [])
        default: insert(contentsOf: tokens.randomElement(using: &random) ?? [], at: place)
        }
    }
}
