package dev.tarn.cli;

import dev.tarn.app.Jobs;
import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Json;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.JobState;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import dev.tarn.schedule.JobViews;
import dev.tarn.spi.JobTables.RunFilter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "job",
        description = {
            "List the jobs of the project, and work with them.",
            "",
            "Jobs stand in jobs/*.yml. `tarn serve` runs them when they are due."
        },
        synopsisSubcommandLabel = "[COMMAND]",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn job",
            "  tarn job run nightly --param country=CH",
            "  tarn job runs nightly --limit 5",
            "  tarn job show j261121-101500-k3xq7a2b"
        })
class JobCommand extends ProjectCommand {
    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    JobCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        tarn.jobs().requireRight();
        print(
                JobListings.jobs(),
                tarn.jobs().list(),
                json,
                "No jobs yet. A file in jobs/ makes one; see docs/jobs.md.");
        return DONE;
    }

    /** Who asks, for the record. */
    final String who() {
        return invocation.console().environment().getOrDefault("USER", "somebody");
    }

    final void printRun(JobRun run) {
        if (json) {
            Json.print(JobListings.runs().objects(List.of(run)).getFirst(), invocation.out());
        } else {
            print(JobListings.runs(), List.of(run), false, "");
        }
    }

    @Command(name = "list", description = "List the jobs and when they are due next.")
    static final class All extends JobCommand {
        All(Invocation invocation) {
            super(invocation);
        }
    }

    @Command(
            name = "show",
            description = "Show a job with its last runs, or a run with its tasks.",
            footerHeading = "%nExamples:%n",
            footer = {"  tarn job show nightly", "  tarn job show j261121-101500-k3xq7a2b --json"})
    static final class Show extends JobCommand {
        private static final int RUNS = 10;

        @Parameters(paramLabel = "JOB|RUN", description = "The job, or one of its runs.")
        String name = "";

        Show(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            if (name.matches("j\\d{6}-\\d{6}-[0-9a-z]{8}")) {
                show(tarn.jobs(), tarn.jobs().run(new JobRunId(name)));
                return DONE;
            }
            JobViews.Listing job = tarn.jobs().job(new JobName(name));
            List<JobRun> runs = tarn.jobs().runs(newest(Optional.of(job.job().name()), RUNS));
            if (json) {
                Map<String, @Nullable Object> all =
                        new LinkedHashMap<>(JobListings.jobs().objects(List.of(job)).getFirst());
                all.put("runs", JobListings.runs().objects(runs));
                Json.print(all, invocation.out());
            } else {
                print(JobListings.jobs(), List.of(job), false, "");
                invocation.out().println();
                print(JobListings.runs(), runs, false, "It has not run yet.");
            }
            return DONE;
        }

        private void show(Jobs jobs, JobViews.Details details) {
            if (json) {
                Map<String, @Nullable Object> all =
                        new LinkedHashMap<>(
                                JobListings.runs().objects(List.of(details.run())).getFirst());
                all.put("waitsFor", jobs.waitsFor(details.run()));
                all.put("tasks", JobListings.steps().objects(details.steps()));
                all.put("attempts", JobListings.attempts().objects(details.attempts()));
                Json.print(all, invocation.out());
                return;
            }
            print(JobListings.runs(), List.of(details.run()), false, "");
            jobs.waitsFor(details.run())
                    .ifPresent(w -> invocation.out().println("It waits: " + w + "."));
            invocation.out().println();
            print(JobListings.steps(), details.steps(), false, "It has not begun.");
            details.steps().stream()
                    .filter(s -> s.task().status() == TaskRun.Status.FAILED)
                    .forEach(s ->
                            s.task()
                                    .message()
                                    .ifPresent(m ->
                                            invocation
                                                    .out()
                                                    .printf("%n%s: %s%n", s.task().task(), m)));
        }
    }

    static RunFilter newest(Optional<JobName> job, int limit) {
        return new RunFilter(job, Set.of(), Optional.empty(), limit);
    }

    @Command(
            name = "runs",
            description = "List the runs of jobs, newest first.",
            footerHeading = "%nExamples:%n",
            footer = {"  tarn job runs", "  tarn job runs nightly --limit 5 --json"})
    static final class Runs extends JobCommand {
        @Parameters(paramLabel = "JOB", arity = "0..1", description = "Only of this job.")
        Optional<String> name = Optional.empty();

        @Option(
                names = "--limit",
                paramLabel = "N",
                converter = WholeNumbers.Count.class,
                description = "How many, newest first. Default: 20.")
        int limit = 20;

        Runs(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            Optional<JobName> job = name.map(JobName::new);
            job.ifPresent(j -> {
                JobViews.Listing unused = tarn.jobs().job(j);
            });
            print(
                    JobListings.runs(),
                    tarn.jobs().runs(newest(job, limit)),
                    json,
                    "No runs yet. `tarn job run JOB` makes one.");
            return DONE;
        }
    }

    @Command(
            name = "pause",
            description = "Let nothing start a job but people.",
            footerHeading = "%nExamples:%n",
            footer = "  tarn job pause nightly")
    static final class Pause extends JobCommand {
        @Parameters(paramLabel = "JOB", description = "The job.")
        String name = "";

        Pause(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            JobState state = tarn.jobs().pause(new JobName(name), who());
            invocation.out().println("Paused: " + state.job());
            return DONE;
        }
    }

    @Command(
            name = "resume",
            description = "Let a paused job start by itself again.",
            footerHeading = "%nExamples:%n",
            footer = "  tarn job resume nightly")
    static final class Resume extends JobCommand {
        @Parameters(paramLabel = "JOB", description = "The job.")
        String name = "";

        Resume(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            JobState state = tarn.jobs().resume(new JobName(name));
            invocation.out().println("Resumed: " + state.job());
            return DONE;
        }
    }

    @Command(
            name = "cancel",
            description = "Stop a run.",
            footerHeading = "%nExamples:%n",
            footer = "  tarn job cancel j261121-101500-k3xq7a2b")
    static final class Cancel extends JobCommand {
        @Parameters(paramLabel = "RUN", description = "The run.")
        String id = "";

        Cancel(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            printRun(tarn.jobs().cancel(new JobRunId(id), who()));
            return DONE;
        }
    }

    @Command(
            name = "mark",
            description = "Say how a task ended, whatever it did; the run goes on from there.",
            footerHeading = "%nExamples:%n",
            footer = "  tarn job mark j261121-101500-k3xq7a2b load succeeded")
    static final class Mark extends JobCommand {
        /** What a task can be said to be. */
        enum As {
            SUCCEEDED(TaskRun.Status.SUCCEEDED),
            FAILED(TaskRun.Status.FAILED),
            SKIPPED(TaskRun.Status.SKIPPED);

            private final TaskRun.Status status;

            As(TaskRun.Status status) {
                this.status = status;
            }
        }

        @Parameters(index = "0", paramLabel = "RUN", description = "The run.")
        String id = "";

        @Parameters(index = "1", paramLabel = "TASK", description = "The task.")
        String task = "";

        @Parameters(
                index = "2",
                paramLabel = "succeeded|failed|skipped",
                description = "What it is to count as.")
        As as = As.SUCCEEDED;

        Mark(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            printRun(tarn.jobs().mark(new JobRunId(id), new TaskName(task), as.status, who()));
            return DONE;
        }
    }

    @Command(
            name = "approve",
            description = "Answer a task that waits for a decision.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  tarn job approve j261121-101500-k3xq7a2b publish",
                "  tarn job approve j261121-101500-k3xq7a2b publish --refuse"
            })
    static final class Approve extends JobCommand {
        @Parameters(index = "0", paramLabel = "RUN", description = "The run.")
        String id = "";

        @Parameters(index = "1", paramLabel = "TASK", description = "The task.")
        String task = "";

        @Option(names = "--refuse", description = "Say no: the task fails.")
        boolean refuse;

        Approve(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            printRun(tarn.jobs().decide(new JobRunId(id), new TaskName(task), !refuse, who()));
            return DONE;
        }
    }

    @Command(
            name = "log",
            description = "Print what a task printed.",
            footerHeading = "%nExamples:%n",
            footer = "  tarn job log j261121-101500-k3xq7a2b load")
    static final class Log extends JobCommand {
        @Parameters(index = "0", paramLabel = "RUN", description = "The run.")
        String id = "";

        @Parameters(index = "1", paramLabel = "TASK", description = "The task.")
        String task = "";

        @Option(
                names = "--attempt",
                paramLabel = "N",
                converter = WholeNumbers.Count.class,
                description = "Of this attempt. Default: the last.")
        Optional<Integer> attempt = Optional.empty();

        Log(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            Optional<String> text = tarn.jobs().log(new JobRunId(id), new TaskName(task), attempt);
            if (json) {
                Map<String, @Nullable Object> all = new LinkedHashMap<>();
                all.put("log", text);
                Json.print(all, invocation.out());
            } else if (text.isEmpty()) {
                invocation.console().err().println("It printed nothing.");
            } else {
                invocation.out().print(text.get());
            }
            return DONE;
        }
    }
}
