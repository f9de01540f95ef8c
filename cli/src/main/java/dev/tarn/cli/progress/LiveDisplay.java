package dev.tarn.cli.progress;

import dev.tarn.cli.output.Amounts;
import dev.tarn.cli.output.Paint;
import dev.tarn.cli.output.Values;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.run.Progress;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A block at the bottom of a terminal that is drawn anew a few times a second: how far the run is,
 * and what runs right now. Above it remain lines for what failed, warned or took long.
 */
public final class LiveDisplay implements RunDisplay {
    private static final int SHOWN = 8;
    private static final Duration WORTH_A_LINE = Duration.ofSeconds(5);

    private final PrintStream out;
    private final Paint paint;
    private final int columns;
    private final Clock clock;
    private final Instant begin;
    private final ScheduledExecutorService timer;
    private final Map<String, Instant> running = new LinkedHashMap<>();
    private @Nullable ScheduledFuture<?> drawing;
    private Progress progress = Progress.NONE;
    private int total;
    private int done;
    private int failed;
    private int drawn;
    private boolean publishing;
    private boolean closed;

    /** Draws every tenth of a second until closed. */
    public static LiveDisplay start(PrintStream out, Paint paint, int columns, Clock clock) {
        LiveDisplay display = new LiveDisplay(out, paint, columns, clock);
        display.drawing =
                display.timer.scheduleAtFixedRate(display::draw, 100, 100, TimeUnit.MILLISECONDS);
        return display;
    }

    LiveDisplay(PrintStream out, Paint paint, int columns, Clock clock) {
        this.out = out;
        this.paint = paint;
        this.columns = columns > 0 ? columns : 80;
        this.clock = clock;
        this.begin = clock.instant();
        this.timer =
                Executors.newSingleThreadScheduledExecutor(task -> {
                    Thread thread = new Thread(task, "tarn-display");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    @Override
    public synchronized void follow(Progress known) {
        progress = known;
    }

    @Override
    public synchronized void began(Run run, Collection<Node> nodes) {
        total = nodes.size();
    }

    @Override
    public synchronized void changed(Node node, Task task) {
        if (task.status() == TaskStatus.RUNNING) {
            running.put(task.node(), clock.instant());
        }
        if (!task.status().isFinal()) {
            return;
        }
        running.remove(task.node());
        done++;
        if (task.status() == TaskStatus.FAILED) {
            failed++;
        }
        boolean slow =
                TaskLines.duration(task).filter(d -> d.compareTo(WORTH_A_LINE) >= 0).isPresent();
        if (slow || task.status() == TaskStatus.FAILED || task.status() == TaskStatus.WARNED) {
            above(PlainDisplay.line(task, done, total, paint));
        }
    }

    @Override
    public synchronized void publishing() {
        publishing = true;
    }

    @Override
    public synchronized void note(String text) {
        above(Values.oneLine(text));
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            if (drawing != null) {
                drawing.cancel(false);
            }
            timer.shutdown();
            out.print(erase());
            out.flush();
        }
    }

    /** Draws the block as it is now, in place of the one before. */
    synchronized void draw() {
        if (closed) {
            return;
        }
        StringBuilder text = new StringBuilder(erase());
        List<String> lines = block(clock.instant());
        lines.forEach(line -> text.append(line).append('\n'));
        drawn = lines.size();
        out.print(text);
        out.flush();
    }

    private List<String> block(Instant now) {
        List<String> lines = new ArrayList<>();
        if (total == 0) {
            lines.add(
                    paint.dim(
                            cut(
                                    "Reading the project and new files  "
                                            + Amounts.duration(Duration.between(begin, now)))));
            return lines;
        }
        String head =
                "%s %d/%d  %s"
                        .formatted(
                                bar((double) done / total, 24),
                                done,
                                total,
                                Amounts.duration(Duration.between(begin, now)));
        lines.add(paint.bold(head) + (failed > 0 ? "  " + paint.red(failed + " failed") : ""));
        running.entrySet().stream()
                .limit(SHOWN)
                .forEach(
                        e -> lines.add(paint.dim(cut(runningLine(e.getKey(), e.getValue(), now)))));
        if (publishing) {
            lines.add(paint.dim("  publishing"));
        }
        if (running.size() > SHOWN) {
            lines.add(paint.dim("  … %d more".formatted(running.size() - SHOWN)));
        }
        return lines;
    }

    private String runningLine(String node, Instant since, Instant now) {
        OptionalDouble part = progress.of(new NodeId(node));
        return "  %s  %s%s"
                .formatted(
                        Values.oneLine(TaskLines.name(node)),
                        Amounts.duration(Duration.between(since, now)),
                        part.isEmpty() || part.getAsDouble() <= 0
                                ? ""
                                : "  %.0f %%".formatted(part.getAsDouble() * 100));
    }

    private static String bar(double fraction, int width) {
        int full = (int) Math.floor(Math.clamp(fraction, 0.0, 1.0) * width);
        return "━".repeat(full) + "╌".repeat(width - full);
    }

    private String cut(String line) {
        return line.length() < columns ? line : line.substring(0, columns - 2) + "…";
    }

    private void above(String line) {
        out.print(erase() + line + "\n");
        drawn = 0;
        draw();
    }

    /** Moves to the first line of the block and clears everything below. */
    private String erase() {
        return drawn == 0 ? "" : "\u001b[" + drawn + "A\u001b[J";
    }
}
