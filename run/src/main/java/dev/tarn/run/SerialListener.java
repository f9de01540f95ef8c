package dev.tarn.run;

import dev.tarn.model.graph.HookEnd;
import dev.tarn.model.graph.Node;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.Task;
import java.util.Collection;

/** Passes calls on one at a time. */
final class SerialListener implements RunListener {
    private final RunListener listener;

    SerialListener(RunListener listener) {
        this.listener = listener;
    }

    @Override
    public synchronized void follow(Progress progress) {
        listener.follow(progress);
    }

    @Override
    public synchronized void began(Run run, Collection<Node> nodes) {
        listener.began(run, nodes);
    }

    @Override
    public synchronized void changed(Node node, Task task) {
        listener.changed(node, task);
    }

    @Override
    public synchronized void hooked(HookEnd end) {
        listener.hooked(end);
    }

    @Override
    public synchronized void publishing() {
        listener.publishing();
    }

    @Override
    public synchronized void ended(RunReport report) {
        listener.ended(report);
    }
}
