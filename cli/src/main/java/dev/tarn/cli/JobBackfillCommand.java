package dev.tarn.cli;

import dev.tarn.app.Tarn;
import dev.tarn.model.job.Backfill;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.schedule.JobControl;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "backfill",
        description = {
            "Run a job for each interval of a time that is past, or list the backfills.",
            "",
            "A server does the work; `tarn serve` is one."
        },
        synopsisSubcommandLabel = "[COMMAND]",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn job backfill nightly --from 2026-10-01 --to 2026-11-01 --dry-run",
            "  tarn job backfill nightly --from 2026-10-01 --to 2026-11-01 --parallel 4",
            "  tarn job backfill",
            "  tarn job backfill pause b261121-101500-k3xq7a2b"
        })
class JobBackfillCommand extends JobCommand {
    @Parameters(paramLabel = "JOB", arity = "0..1", description = "The job.")
    Optional<String> name = Optional.empty();

    @Option(names = "--from", paramLabel = "TIME", description = "Where the past begins.")
    Optional<String> from = Optional.empty();

    @Option(names = "--to", paramLabel = "TIME", description = "Where it ends.")
    Optional<String> to = Optional.empty();

    @Option(
            names = "--parallel",
            paramLabel = "N",
            converter = WholeNumbers.Count.class,
            description = "Runs at a time, as far as the job allows. Default: 1.")
    int parallel = 1;

    @Option(
            names = "--at-once",
            description = "Publish nothing before all runs have ended well, then everything.")
    boolean atOnce;

    @Option(
            names = "--partition",
            paramLabel = "PARAM=VALUE,…",
            description = "A run for each of these values of a parameter. Can be repeated.")
    List<String> partitions = List.of();

    @Option(names = "--dry-run", description = "Only list the intervals.")
    boolean dryRun;

    JobBackfillCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        if (name.isEmpty()) {
            print(
                    JobListings.backfills(),
                    tarn.jobs().backfills(),
                    json,
                    "No backfills yet. `tarn job backfill JOB --from … --to …` makes one.");
            return DONE;
        }
        tarn.jobs().requireRight();
        Optional<JobRun.Interval> range =
                from.isEmpty() && to.isEmpty() && !partitions.isEmpty()
                        ? Optional.empty()
                        : Optional.of(JobRunning.JobTimes.interval(from, to));
        JobName job = new JobName(name.get());
        JobControl.BackfillRequest request =
                new JobControl.BackfillRequest(
                        range, parallel, Optional.empty(), partitions(), who());
        if (dryRun) {
            JobControl.Plan plan = tarn.jobs().planBackfill(job, request);
            print(JobListings.intervals(), plan.intervals(), json, "");
            if (!json && !plan.partitions().isEmpty()) {
                invocation
                        .out()
                        .printf(
                                "Each for %s: %,d runs.%n",
                                plan.partitions().stream()
                                        .map(JobBackfillCommand::words)
                                        .collect(Collectors.joining("; ")),
                                plan.runs());
            }
        } else {
            show(tarn.jobs().backfill(job, request, atOnce));
        }
        return DONE;
    }

    private static String words(Map<String, String> partition) {
        return partition.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(", "));
    }

    private Map<String, List<String>> partitions() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (String partition : partitions) {
            int sign = partition.indexOf('=');
            if (sign <= 0 || sign == partition.length() - 1) {
                throw CliErrors.badPartition(partition);
            }
            all.put(
                    partition.substring(0, sign),
                    List.of(partition.substring(sign + 1).split(",")));
        }
        return all;
    }

    final void show(Backfill backfill) {
        print(JobListings.backfills(), List.of(backfill), json, "");
    }

    @Command(
            name = "pause",
            description = "Let the queued runs of a backfill wait.",
            footerHeading = "%nExamples:%n",
            footer = "  tarn job backfill pause b261121-101500-k3xq7a2b")
    static final class Pause extends JobCommand {
        @Parameters(paramLabel = "BACKFILL", description = "The backfill.")
        String id = "";

        Pause(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            print(JobListings.backfills(), List.of(tarn.jobs().pauseBackfill(id)), json, "");
            return DONE;
        }
    }

    @Command(
            name = "resume",
            description = "Let a paused backfill go on.",
            footerHeading = "%nExamples:%n",
            footer = "  tarn job backfill resume b261121-101500-k3xq7a2b")
    static final class Resume extends JobCommand {
        @Parameters(paramLabel = "BACKFILL", description = "The backfill.")
        String id = "";

        Resume(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            print(JobListings.backfills(), List.of(tarn.jobs().resumeBackfill(id)), json, "");
            return DONE;
        }
    }

    @Command(
            name = "cancel",
            description = "Stop a backfill and its runs.",
            footerHeading = "%nExamples:%n",
            footer = "  tarn job backfill cancel b261121-101500-k3xq7a2b")
    static final class Cancel extends JobCommand {
        @Parameters(paramLabel = "BACKFILL", description = "The backfill.")
        String id = "";

        Cancel(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            print(
                    JobListings.backfills(),
                    List.of(tarn.jobs().cancelBackfill(id, who())),
                    json,
                    "");
            return DONE;
        }
    }
}
