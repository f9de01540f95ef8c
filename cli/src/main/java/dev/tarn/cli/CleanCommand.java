package dev.tarn.cli;

import dev.tarn.app.Housekeeping;
import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Amounts;
import dev.tarn.cli.output.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "clean",
        description = {
            "Remove files that nothing refers to any more.",
            "",
            "Killed runs leave them behind. What a ref, a kept publication or a living run can"
                    + " reach stays. What compiles remember and kept rows of queries are forgotten too."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tarn clean --dry-run   only say what would go", "  tarn clean"})
final class CleanCommand extends ProjectCommand {
    @Option(names = "--dry-run", description = "Remove nothing.")
    boolean dryRun;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    CleanCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        Housekeeping.Report report = tarn.clean(dryRun);
        long remembered = tarn.forgetCompiles(dryRun);
        long results = tarn.forgetResults(dryRun);
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("dryRun", dryRun);
            object.put("bytes", report.bytes());
            object.put("kept", report.kept());
            object.put("compileCacheBytes", remembered);
            object.put("resultCacheBytes", results);
            object.put("removed", report.removed().stream().map(f -> f.location()).toList());
            Json.print(object, invocation.out());
            return DONE;
        }
        if (dryRun) {
            report.removed().forEach(file -> invocation.out().println(file.location()));
        }
        invocation
                .out()
                .printf(
                        "%s %s, %s; %s in use.%n",
                        dryRun ? "Would remove" : "Removed",
                        Amounts.count(report.removed().size(), "file", "files"),
                        Amounts.bytes(report.bytes()),
                        Amounts.count(report.kept()));
        if (remembered > 0) {
            invocation
                    .out()
                    .printf(
                            "%s what compiles remembered, %s.%n",
                            dryRun ? "Would forget" : "Forgot", Amounts.bytes(remembered));
        }
        if (results > 0) {
            invocation
                    .out()
                    .printf(
                            "%s kept rows of queries, %s.%n",
                            dryRun ? "Would forget" : "Forgot", Amounts.bytes(results));
        }
        return DONE;
    }
}
