package dev.tarn.cli.progress;

import dev.tarn.cli.output.Paint;
import dev.tarn.cli.output.Values;
import dev.tarn.model.graph.Node;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.run.RunReport;
import java.io.PrintStream;
import java.util.Collection;

/** One line for each batch that has landed, and for each failure, as long as anybody follows. */
public final class FollowDisplay implements RunDisplay {
    private final PrintStream out;
    private final Paint paint;
    private String failure = "";

    public FollowDisplay(PrintStream out, Paint paint) {
        this.out = out;
        this.paint = paint;
    }

    @Override
    public void began(Run run, Collection<Node> nodes) {
        // Most runs find nothing; those that do are told when they have.
    }

    @Override
    public synchronized void changed(Node node, Task task) {
        if (task.status() == TaskStatus.SUCCEEDED) {
            failure = "";
            out.println(PlainDisplay.line(task, 1, 1, paint));
        }
    }

    @Override
    public synchronized void ended(RunReport report) {
        String problem = report.problems().isEmpty() ? "" : report.problems().getFirst().toString();
        if (!problem.isEmpty() && !problem.equals(failure)) {
            out.println(problem);
        }
        failure = problem;
    }

    @Override
    public synchronized void note(String text) {
        out.println(Values.oneLine(text));
    }

    @Override
    public void close() {
        // Nothing was drawn that has to go.
    }
}
