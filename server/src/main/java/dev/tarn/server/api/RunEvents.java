package dev.tarn.server.api;

import dev.tarn.app.Jobs;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import dev.tarn.schedule.JobViews;
import dev.tarn.spi.HttpProtocol.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a run, as server-sent events: {@code task} for each task that changes, {@code
 * log} for what it printed since, {@code run} when the run does, until it is over. A line without
 * meaning comes now and then, so that a client that is gone is noticed.
 */
final class RunEvents {
    private static final long LOOK_MILLIS = 300;
    private static final int QUIET_LOOKS = 30;

    /** Of so many tasks at a time it is told what they print. */
    private static final int LOGS_MAX = 20;

    /** Of what was printed between two looks the end is told. */
    private static final int LOG_CHARS_MAX = 16 << 10;

    private final Jobs jobs;
    private final JobRunId id;
    private final Map<TaskName, byte[]> tasks = new HashMap<>();
    private final Map<TaskName, String> logs = new HashMap<>();
    private byte[] run = new byte[0];
    private int number;

    private RunEvents(Jobs jobs, JobRunId id) {
        this.jobs = jobs;
        this.id = id;
    }

    static Answer answer(Jobs jobs, JobRunId id) {
        return new Answer(
                200,
                Map.of(
                        "Content-Type",
                        "text/event-stream; charset=utf-8",
                        "Cache-Control",
                        "no-store"),
                new byte[0],
                Optional.of(out -> new RunEvents(jobs, id).write(out)));
    }

    private void write(OutputStream out) throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        int quiet = 0;
        try {
            while (true) {
                JobViews.Details details = jobs.run(id);
                boolean told = tell(details, out);
                quiet = told ? 0 : quiet + 1;
                if (quiet >= QUIET_LOOKS) {
                    out.write(": nothing new\n\n".getBytes(StandardCharsets.UTF_8));
                    quiet = 0;
                }
                out.flush();
                if (details.run().status().isEnd()
                        || never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean tell(JobViews.Details details, OutputStream out) throws IOException {
        boolean told = false;
        int left = LOGS_MAX;
        for (JobViews.Step step : details.steps()) {
            byte[] now = JsonText.bytes(Facts.step(step));
            boolean changed = !Arrays.equals(now, tasks.put(step.task().task(), now));
            if (changed) {
                send("task", now, out);
                told = true;
            }
            boolean prints = changed || step.task().status() == TaskRun.Status.RUNNING;
            if (prints && step.task().attempt() > 0 && left-- > 0) {
                told |= printed(step.task().task(), out);
            }
        }
        byte[] now = JsonText.bytes(Facts.run(details.run()));
        if (!Arrays.equals(now, run)) {
            run = now;
            send("run", now, out);
            told = true;
        }
        return told;
    }

    /** What a task printed since the last look. */
    private boolean printed(TaskName task, OutputStream out) throws IOException {
        String text = jobs.log(id, task, Optional.empty()).orElse("");
        String before = logs.getOrDefault(task, "");
        if (text.equals(before)) {
            return false;
        }
        logs.put(task, text);
        String more = text.startsWith(before) ? text.substring(before.length()) : text;
        boolean cut = more.length() > LOG_CHARS_MAX;
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("task", task.value());
        all.put("text", cut ? "…" + more.substring(more.length() - LOG_CHARS_MAX) : more);
        send("log", JsonText.bytes(all), out);
        return true;
    }

    private void send(String event, byte[] data, OutputStream out) throws IOException {
        out.write(
                "id: %d\nevent: %s\ndata: "
                        .formatted(++number, event)
                        .getBytes(StandardCharsets.UTF_8));
        out.write(data);
        out.write("\n\n".getBytes(StandardCharsets.UTF_8));
    }
}
