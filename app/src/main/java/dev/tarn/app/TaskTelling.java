package dev.tarn.app;

import dev.tarn.model.graph.Node;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.Task;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import dev.tarn.schedule.Control;
import java.util.Collection;
import java.util.Locale;

/** Tells a task's keepers how its run goes. */
final class TaskTelling implements RunListener {
    private final Control control;

    TaskTelling(Control control) {
        this.control = control;
    }

    @Override
    public void began(Run run, Collection<Node> nodes) {
        control.began(run.id());
        control.print("run %s: %d nodes".formatted(run.id(), nodes.size()));
    }

    @Override
    public void changed(Node node, Task task) {
        control.print(
                "%s %s%s"
                        .formatted(
                                task.status().name().toLowerCase(Locale.ROOT),
                                task.node(),
                                task.message().map(m -> ": " + m).orElse("")));
    }

    @Override
    public void publishing() {
        control.print("publishing");
    }

    @Override
    public void ended(RunReport report) {
        control.print("run " + report.run().id() + " is over: " + report.run().status());
        report.problems().forEach(p -> control.print(p.toString()));
    }
}
