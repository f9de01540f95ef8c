package dev.tarn.app;

import dev.tarn.model.graph.HookEnd;
import dev.tarn.model.graph.Node;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.run.Progress;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import dev.tarn.spi.Span;
import dev.tarn.spi.Tracer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Tells traces and logs how a run goes, and whoever listens besides. A run is a span, its tasks are
 * spans in it; who reads what it published can refer to it.
 */
final class ObservedRun implements RunListener {
    /** Under these names the ids of runs and tasks stand with each line of the log. */
    static final String RUN = "tarn.run.id";

    static final String TASK = "tarn.task.id";

    private static final Logger log = LoggerFactory.getLogger(ObservedRun.class);

    private final RunListener listener;
    private final Tracer tracer;
    private final Map<String, Span> tasks = new HashMap<>();
    private Span run = Span.NONE;

    ObservedRun(RunListener listener, Tracer tracer) {
        this.listener = listener;
        this.tracer = tracer;
    }

    @Override
    public void follow(Progress progress) {
        listener.follow(progress);
    }

    @Override
    public void began(Run begun, Collection<Node> nodes) {
        run =
                tracer.begin("run", Span.Kind.INTERNAL, "")
                        .attribute("tarn.run.id", begun.id().value())
                        .attribute("tarn.command", begun.command())
                        .attribute("tarn.ref", begun.target().value())
                        .attribute("tarn.nodes", nodes.size())
                        .follows("publication " + begun.pinned().value());
        logged(
                begun.id().value(),
                "",
                () -> log.info("Run of {} nodes begins: {}", nodes.size(), begun.command()));
        listener.began(begun, nodes);
    }

    @Override
    public void changed(Node node, Task task) {
        if (task.status() == TaskStatus.RUNNING) {
            tasks.put(
                    task.node(),
                    tracer.begin("task", Span.Kind.INTERNAL, run.traceparent())
                            .attribute("tarn.run.id", task.run().value())
                            .attribute("tarn.task.id", task.node()));
        } else if (task.status().isFinal()) {
            ended(task);
        }
        listener.changed(node, task);
    }

    private void ended(Task task) {
        Span span = tasks.remove(task.node());
        String word = task.status().name().toLowerCase(Locale.ROOT);
        if (span != null) {
            span.attribute("tarn.status", word)
                    .attribute("tarn.rows", task.rows())
                    .attribute("tarn.bytes", task.bytes());
            if (task.status() == TaskStatus.FAILED) {
                span.failed(task.message().orElse(word));
            }
            span.close();
        }
        logged(
                task.run().value(),
                task.node(),
                () -> {
                    if (task.status() == TaskStatus.FAILED) {
                        log.warn("Task failed: {}", task.message().orElse(""));
                    } else {
                        log.info("Task {}: {} rows", word, task.rows());
                    }
                });
    }

    @Override
    public void hooked(HookEnd end) {
        listener.hooked(end);
    }

    @Override
    public void publishing() {
        listener.publishing();
    }

    @Override
    public void ended(RunReport report) {
        Run over = report.run();
        String word = over.status().name().toLowerCase(Locale.ROOT);
        run.attribute("tarn.status", word);
        over.publication()
                .ifPresent(p ->
                        run.attribute("tarn.publication", p.value())
                                .leaves("publication " + p.value()));
        if (over.status() == RunStatus.FAILED || over.status() == RunStatus.LOST) {
            run.failed(over.error().orElse(word));
        }
        tasks.values().forEach(Span::close);
        tasks.clear();
        run.close();
        logged(
                over.id().value(),
                "",
                () ->
                        log.info(
                                "Run {}{}",
                                word,
                                over.publication()
                                        .map(p -> ", publication " + p.value())
                                        .orElse("")));
        listener.ended(report);
    }

    private static void logged(String run, String task, Runnable line) {
        MDC.put(RUN, run);
        if (!task.isEmpty()) {
            MDC.put(TASK, task);
        }
        try {
            line.run();
        } finally {
            MDC.remove(RUN);
            MDC.remove(TASK);
        }
    }
}
