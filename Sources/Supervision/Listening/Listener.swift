/// Who hears what belongs to no call, and whether it is served elsewhere by now.
struct Listener {
    let observer: any ServerObserver
    /// Whether another callee has taken the place of this one for it, so that changes here are none of its business.
    var isFormer = false
}
