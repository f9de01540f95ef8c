package dev.tarn.jinja;

/** What one rendering has used up so far, and where its texts came from. Used by one thread. */
final class Session {
    final Limits limits;
    final TextOrigins origins = new TextOrigins();
    private long iterations;
    private int depth;

    Session(Limits limits) {
        this.limits = limits;
    }

    void iterate() {
        if (++iterations > limits.loopIterations()) {
            throw LimitErrors.loops(limits.loopIterations());
        }
    }

    void enter() {
        if (depth >= limits.recursionDepth()) {
            throw LimitErrors.recursion(limits.recursionDepth());
        }
        depth++;
    }

    void leave() {
        depth--;
    }
}
