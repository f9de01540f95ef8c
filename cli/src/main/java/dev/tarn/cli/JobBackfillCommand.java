package dev.tarn.cli;

import dev.tarn.app.Tarn;
import dev.tarn.model.job.Backfill;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import java.util.List;
import java.util.Optional;
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
        JobRun.Interval range = JobRunning.JobTimes.interval(from, to);
        JobName job = new JobName(name.get());
        if (dryRun) {
            print(JobListings.intervals(), tarn.jobs().previewBackfill(job, range), json, "");
        } else {
            show(tarn.jobs().backfill(job, range, parallel, who()));
        }
        return DONE;
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
