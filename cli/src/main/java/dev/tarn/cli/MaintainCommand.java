package dev.tarn.cli;

import dev.tarn.app.At;
import dev.tarn.app.Housekeeping;
import dev.tarn.app.MaintainReport;
import dev.tarn.app.MaintainRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Amounts;
import dev.tarn.cli.output.Json;
import dev.tarn.cli.output.Listing;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.Node;
import dev.tarn.upkeep.TablePlan;
import dev.tarn.upkeep.TableUpkeep;
import dev.tarn.upkeep.TableUpkeep.Outcome;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "maintain",
        sortOptions = false,
        description = {
            "Look after tables: gather small files, write out deleted rows, forget old snapshots.",
            "",
            "Rows stay what they are, and so does everything that a ref, a tag, a living run or the"
                    + " kept history can reach. Writers go first: what they change meanwhile is left to"
                    + " another time. Builds look after what they wrote by themselves; see"
                    + " docs/upkeep.md."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn maintain --dry-run            what it would gain",
            "  tarn maintain bronze.payments",
            "  tarn maintain --select tag:large --budget 5m --max-bytes 20GB"
        })
final class MaintainCommand extends ProjectCommand {
    private static final int REFUSED = 1;

    @Parameters(
            arity = "0..*",
            paramLabel = "TABLE",
            description =
                    "Tables to look after. Default: all, the warehouse's history, and files"
                            + " that nothing refers to.")
    List<String> tables = List.of();

    @Mixin SelectionOptions selection = new SelectionOptions();

    @Option(
            names = "--ref",
            paramLabel = "REF",
            description = "The branch whose tables are meant. Default: main.")
    String ref = RefName.MAIN.value();

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            description = "Begin no more work after this long, such as 5m. Default: 1h.")
    String budget = "1h";

    @Option(
            names = "--max-bytes",
            paramLabel = "SIZE",
            description = "Read no more than this from data files, such as 20GB. Default: 1TB.")
    String maxBytes = "1TB";

    @Option(names = "--dry-run", description = "Only say what would be done and what it gains.")
    boolean dryRun;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    MaintainCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        List<TableName> chosen = chosen(tarn);
        MaintainRequest request =
                new MaintainRequest(
                        new RefName(ref),
                        chosen,
                        MaintainRequest.time("--budget", budget),
                        MaintainRequest.bytes("--max-bytes", maxBytes),
                        tables.isEmpty() && isEverything());
        if (chosen.isEmpty() && !request.whole()) {
            invocation.console().err().println("No tables are selected.");
            return DONE;
        }
        if (dryRun) {
            forecast(tarn.maintenancePlan(request), tarn.maintenanceForecast(request));
            return DONE;
        }
        AtomicBoolean stopped = new AtomicBoolean();
        MaintainReport report =
                invocation
                        .interrupts()
                        .during(
                                () -> stopped.set(true),
                                () -> tarn.maintain(request, this::tell, stopped::get));
        if (json) {
            printJson(DONE_TABLES.objects(report.tables()), "versions", report);
        } else {
            tellOfAll(report);
        }
        boolean refused = report.tables().stream().anyMatch(t -> t.outcome() == Outcome.REFUSED);
        return refused ? REFUSED : DONE;
    }

    private boolean isEverything() {
        return selection.select.isEmpty() && selection.exclude.isEmpty();
    }

    private List<TableName> chosen(Tarn tarn) {
        List<TableName> names = new ArrayList<>();
        At at = At.parse(ref);
        tables.forEach(text -> names.add(tarn.named(text, at)));
        if (!isEverything()) {
            List<TableName> there =
                    tarn.tables(at).stream()
                            .filter(t -> t.kind().equals("table"))
                            .map(t -> t.name())
                            .toList();
            tarn.select(selection.select, selection.exclude, EnumSet.allOf(NodeKind.class)).stream()
                    .flatMap(node -> relation(node).stream())
                    .filter(there::contains)
                    .forEach(names::add);
        }
        return names.stream().distinct().toList();
    }

    private static Optional<TableName> relation(Node node) {
        return switch (node) {
            case Node.Source source -> Optional.of(source.relation());
            case Node.Seed seed -> Optional.of(seed.relation());
            case Node.Model model -> Optional.of(model.relation());
            case Node.Check check -> Optional.empty();
        };
    }

    private void forecast(List<TablePlan> plans, MaintainReport rest) {
        if (json) {
            printJson(PLANS.objects(plans), "versions", rest);
            return;
        }
        List<TablePlan> due = plans.stream().filter(TablePlan::isDue).toList();
        print(PLANS, due, false, "Nothing to do: all tables are in good order.");
        if (rest.versions() > 0) {
            invocation
                    .out()
                    .printf(
                            "Would forget %s of tables that are older than the kept history.%n",
                            Amounts.count(rest.versions(), "version", "versions"));
        }
        rest.cleaned().ifPresent(report -> tellOfFiles("Would remove", report));
    }

    private void tell(TableUpkeep done) {
        if (json || done.outcome() == Outcome.NOTHING) {
            return;
        }
        StringBuilder line = new StringBuilder(done.table().toString());
        if (done.bytesRead() > 0) {
            line.append(
                    ": %s files became %s (%s read, %s written)"
                            .formatted(
                                    Amounts.count(done.before()),
                                    Amounts.count(done.after()),
                                    Amounts.bytes(done.bytesRead()),
                                    Amounts.bytes(done.bytesWritten())));
        }
        if (done.forgotten() > 0) {
            line.append(done.bytesRead() > 0 ? "; " : ": ")
                    .append(Amounts.count(done.forgotten(), "snapshot", "snapshots"))
                    .append(" forgotten");
        }
        if (!done.note().isEmpty()) {
            line.append(done.bytesRead() > 0 || done.forgotten() > 0 ? "; " : ": ")
                    .append(done.note());
        }
        invocation.out().println(line);
    }

    private void tellOfAll(MaintainReport report) {
        if (report.tables().stream().allMatch(t -> t.outcome() == Outcome.NOTHING)) {
            invocation.console().err().println("Nothing to do: all tables are in good order.");
        }
        if (report.versions() > 0) {
            invocation
                    .out()
                    .printf(
                            "Forgot %s of tables that are older than the kept history.%n",
                            Amounts.count(report.versions(), "version", "versions"));
        }
        report.cleaned().ifPresent(files -> tellOfFiles("Removed", files));
    }

    private void tellOfFiles(String verb, Housekeeping.Report report) {
        if (!report.removed().isEmpty()) {
            invocation
                    .out()
                    .printf(
                            "%s %s that nothing refers to, %s.%n",
                            verb,
                            Amounts.count(report.removed().size(), "file", "files"),
                            Amounts.bytes(report.bytes()));
        }
    }

    private void printJson(
            List<Map<String, @Nullable Object>> tablesDone, String versions, MaintainReport rest) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("dryRun", dryRun);
        object.put("tables", tablesDone);
        object.put(versions, rest.versions());
        object.put("files", rest.cleaned().map(r -> r.removed().size()).orElse(0));
        object.put("bytes", rest.cleaned().map(Housekeeping.Report::bytes).orElse(0L));
        Json.print(object, invocation.out());
    }

    private static final Listing<TablePlan> PLANS =
            new Listing<TablePlan>()
                    .left("TABLE", "table", p -> p.table().toString())
                    .right("FILES", "files", TablePlan::files)
                    .right("AFTER", "filesAfter", TablePlan::filesAfter)
                    .right("REWRITES", "rewritten", TablePlan::rewritten)
                    .right("READS", "rewrittenBytes", p -> new Listing.Bytes(p.rewrittenBytes()))
                    .right("OF", "bytes", p -> new Listing.Bytes(p.bytes()))
                    .right("DELETED", "deleteRatio", MaintainCommand::percent)
                    .right("SNAPSHOTS", "snapshots", TablePlan::snapshots)
                    .right("AFTER", "snapshotsAfter", TablePlan::snapshotsAfter)
                    .right("LISTS", "manifests", TablePlan::manifests)
                    .right("AFTER", "manifestsAfter", TablePlan::manifestsAfter)
                    .right("METADATA", "metadataBytes", p -> new Listing.Bytes(p.metadataBytes()))
                    .hidden("rows", TablePlan::rows)
                    .hidden("deletedRows", TablePlan::deletedRows);

    private static final Listing<TableUpkeep> DONE_TABLES =
            new Listing<TableUpkeep>()
                    .hidden("table", t -> t.table().toString())
                    .hidden("outcome", t -> t.outcome().name().toLowerCase(Locale.ROOT))
                    .hidden("note", TableUpkeep::note)
                    .hidden("before", TableUpkeep::before)
                    .hidden("after", TableUpkeep::after)
                    .hidden("bytesRead", TableUpkeep::bytesRead)
                    .hidden("bytesWritten", TableUpkeep::bytesWritten)
                    .hidden("snapshotsForgotten", TableUpkeep::forgotten);

    private static String percent(TablePlan plan) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * plan.deleteRatio());
    }
}
