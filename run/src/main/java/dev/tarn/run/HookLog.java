package dev.tarn.run;

import dev.tarn.model.graph.HookEnd;
import java.util.ArrayList;
import java.util.List;

/** How the statements around a run ended, in their order. */
final class HookLog {
    private final RunListener listener;
    private final List<HookEnd> ended = new ArrayList<>();

    HookLog(RunListener listener) {
        this.listener = listener;
    }

    synchronized void note(HookEnd end) {
        ended.add(end);
        listener.hooked(end);
    }

    synchronized List<HookEnd> all() {
        return List.copyOf(ended);
    }
}
