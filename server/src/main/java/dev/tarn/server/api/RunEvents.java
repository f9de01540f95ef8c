package dev.tarn.server.api;

import dev.tarn.app.Jobs;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.TaskName;
import dev.tarn.schedule.JobViews;
import dev.tarn.spi.HttpProtocol.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What happens to a run, as server-sent events: {@code task} for each task that changes, {@code
 * run} when the run does, until it is over. A line without meaning comes now and then, so that a
 * client that is gone is noticed.
 */
final class RunEvents {
    private static final long LOOK_MILLIS = 300;
    private static final int QUIET_LOOKS = 30;

    private final Jobs jobs;
    private final JobRunId id;
    private final Map<TaskName, byte[]> tasks = new HashMap<>();
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
        for (JobViews.Step step : details.steps()) {
            byte[] now = JsonText.bytes(Facts.step(step));
            if (!Arrays.equals(now, tasks.put(step.task().task(), now))) {
                send("task", now, out);
                told = true;
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

    private void send(String event, byte[] data, OutputStream out) throws IOException {
        out.write(
                "id: %d\nevent: %s\ndata: "
                        .formatted(++number, event)
                        .getBytes(StandardCharsets.UTF_8));
        out.write(data);
        out.write("\n\n".getBytes(StandardCharsets.UTF_8));
    }
}
