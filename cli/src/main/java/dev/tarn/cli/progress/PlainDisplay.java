package dev.tarn.cli.progress;

import dev.tarn.cli.output.Amounts;
import dev.tarn.cli.output.Paint;
import dev.tarn.cli.output.Values;
import dev.tarn.model.RunId;
import dev.tarn.model.graph.Node;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import java.io.PrintStream;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One line for each node that has ended with something new: for files, pipes and logs of other
 * systems.
 */
public final class PlainDisplay implements RunDisplay {
    private final PrintStream out;
    private final Paint paint;
    private final Set<String> ended = new HashSet<>();
    private @Nullable RunId followed;
    private int total;
    private int done;

    public PlainDisplay(PrintStream out, Paint paint) {
        this.out = out;
        this.paint = paint;
    }

    @Override
    public synchronized void began(Run run, Collection<Node> nodes) {
        begin(run.id(), nodes.size());
    }

    private void begin(RunId run, int nodes) {
        total = nodes;
        out.println("run " + run + ": " + Amounts.count(total, "node", "nodes"));
    }

    /** How all tasks of a run stand that works elsewhere; tells what is new. */
    public synchronized void seen(RunId run, Collection<Task> tasks) {
        if (tasks.isEmpty()) {
            return;
        }
        if (!run.equals(followed)) {
            followed = run;
            done = 0;
            ended.clear();
            begin(run, tasks.size());
        }
        for (Task task : tasks) {
            if (task.status().isFinal() && ended.add(task.node())) {
                tell(task);
            }
        }
    }

    @Override
    public synchronized void changed(Node node, Task task) {
        tell(task);
    }

    private void tell(Task task) {
        if (task.status().isFinal()) {
            done++;
            if (task.status() != TaskStatus.UNCHANGED) {
                out.println(line(task, done, total, paint));
            }
        }
    }

    @Override
    public synchronized void note(String text) {
        out.println(Values.oneLine(text));
    }

    @Override
    public void close() {
        // Nothing was drawn that has to go.
    }

    static String line(Task task, int done, int total, Paint paint) {
        String width = Integer.toString(Math.max(total, done));
        String details = TaskLines.details(task);
        return ("%" + width.length() + "d/%s  %s  %s%s")
                .formatted(
                        done,
                        width,
                        TaskLines.status(task.status(), paint),
                        Values.oneLine(TaskLines.name(task.node())),
                        details.isEmpty() ? "" : paint.dim("  " + details));
    }
}
