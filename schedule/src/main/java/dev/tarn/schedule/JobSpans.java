package dev.tarn.schedule;

import dev.tarn.model.job.JobRun;
import dev.tarn.spi.Span;
import dev.tarn.spi.Tracer;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * How jobs are told in traces. A run of a job is a span that every server knows by the run's id and
 * beginning, whoever works on it; each attempt is a span in it. It is told by the server that ends
 * the run. Safe for use by many threads.
 */
final class JobSpans {
    private final Tracer tracer;

    JobSpans(Tracer tracer) {
        this.tracer = tracer;
    }

    /** What begins on this thread meanwhile is part of the attempt. */
    TaskResult attempt(TaskWork.Order order, Control control, Supplier<TaskResult> work) {
        return tracer.during(
                "job task",
                Span.Kind.INTERNAL,
                of(order.run()).traceparent(),
                span -> {
                    control.isPartOf(span.traceparent());
                    TaskResult result = work.get();
                    span.attribute("tarn.job", order.job().name().value())
                            .attribute("tarn.job_run.id", order.run().id().value())
                            .attribute("tarn.job_task", order.state().task().value())
                            .attribute("tarn.job_task.kind", order.task().kind().word())
                            .attribute("tarn.job_task.attempt", order.state().attempt())
                            .attribute("tarn.status", word(result));
                    if (result instanceof TaskResult.Failed failed) {
                        span.failed(failed.message());
                    }
                    return result;
                });
    }

    /** These are over. */
    void ended(Collection<JobRun> runs) {
        for (JobRun run : runs) {
            Span span =
                    of(run).attribute("tarn.job", run.job().value())
                            .attribute("tarn.job_run.id", run.id().value())
                            .attribute("tarn.job_run.cause", word(run.cause()))
                            .attribute("tarn.status", word(run.status()));
            if (run.status() == JobRun.Status.FAILED) {
                span.failed(run.message().orElse(word(run.status())));
            }
            span.close();
        }
    }

    /** One that is done again is another span. */
    private Span of(JobRun run) {
        return tracer.lasting(
                "job run",
                "job run %s %s".formatted(run.id(), run.startedAt().orElse(run.createdAt())),
                run.startedAt().orElse(run.createdAt()));
    }

    private static String word(TaskResult result) {
        return switch (result) {
            case TaskResult.Succeeded s -> "succeeded";
            case TaskResult.Skipped s -> "skipped";
            case TaskResult.Failed f -> "failed";
            case TaskResult.Cancelled c -> "cancelled";
            case TaskResult.Expanded e -> "in_parts";
            case TaskResult.NotYet n -> "not_yet";
            case TaskResult.Held h -> "held";
            case TaskResult.GivenBack g -> "given_back";
        };
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
