package dev.tarn.pages;

import static dev.tarn.pages.Html.a;
import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.each;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.text;

import dev.tarn.app.Setting;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.job.Durations;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What this server is, how it is set, and how much room it has. */
final class SystemPage {
    private static final int REFS = 100;
    private static final int RUNS = 50;

    private final Ground ground;

    SystemPage(Ground ground) {
        this.ground = ground;
    }

    Shell.Content show(Ask ask) {
        return Shell.Content.of(
                "System",
                Shell.SYSTEM,
                "Effective settings with their origin, versions, room, background work and refs.",
                div("cols", program(), room()),
                new BackgroundWork(ground).show(),
                settings(),
                div("cols", refs(), working()));
    }

    private Html program() {
        List<Html> facts = new ArrayList<>();
        facts.add(cls("facts"));
        String version = SystemPage.class.getPackage().getImplementationVersion();
        fact(facts, "Tarn", version == null ? "(not packaged)" : version);
        fact(
                facts,
                "Java",
                "%s, %s"
                        .formatted(
                                System.getProperty("java.version"),
                                System.getProperty("java.vendor")));
        fact(
                facts,
                "Machine",
                "%s %s, %s"
                        .formatted(
                                System.getProperty("os.name"),
                                System.getProperty("os.arch"),
                                Show.count(
                                        Runtime.getRuntime().availableProcessors(),
                                        "processor",
                                        "processors")));
        fact(facts, "Process", Long.toString(ProcessHandle.current().pid()));
        fact(
                facts,
                "Started",
                "%s, %s"
                        .formatted(
                                Show.second(ground.started()),
                                Show.ago(ground.started(), ground.now())));
        fact(facts, "Folder", ground.root().toAbsolutePath().normalize().toString());
        return div(
                "card",
                el("h2", "Program"),
                el("dl", facts.toArray(Html[]::new)),
                el(
                        "p",
                        text("For programs: "),
                        a(Link.to("health", "live"), "/health/live"),
                        text(" · "),
                        a(Link.to("health", "ready"), "/health/ready"),
                        text(" · "),
                        a(Link.to("metrics"), "/metrics")));
    }

    private Html room() {
        Runtime runtime = Runtime.getRuntime();
        List<Html> facts = new ArrayList<>();
        facts.add(cls("facts"));
        fact(
                facts,
                "Memory of Java",
                "%s of at most %s"
                        .formatted(
                                Show.bytes(runtime.totalMemory() - runtime.freeMemory()),
                                Show.bytes(runtime.maxMemory())));
        fact(
                facts,
                "Threads",
                Integer.toString(ManagementFactory.getThreadMXBean().getThreadCount()));
        disk(facts, "Work folder", ground.tarn().settings().workDirectory());
        String warehouse = ground.tarn().settings().warehouse();
        if (warehouse.contains("://")) {
            fact(facts, "Warehouse", warehouse);
        } else {
            disk(facts, "Warehouse", Path.of(warehouse));
        }
        return div("card", el("h2", "Room"), el("dl", facts.toArray(Html[]::new)));
    }

    private static void disk(List<Html> facts, String name, Path folder) {
        try {
            FileStore store = Files.getFileStore(Health.existing(folder));
            fact(
                    facts,
                    name,
                    "%s: %s free of %s"
                            .formatted(
                                    folder,
                                    Show.bytes(store.getUsableSpace()),
                                    Show.bytes(store.getTotalSpace())));
        } catch (IOException e) {
            fact(facts, name, folder + ": cannot be looked at");
        }
    }

    private static void fact(List<Html> facts, String name, String value) {
        facts.add(el("dt", name));
        facts.add(el("dd", value));
    }

    private Html settings() {
        List<Setting> settings = ground.tarn().settings().origins();
        return div(
                "card flush",
                el("h2", "Effective settings"),
                div(
                        "scroll",
                        el(
                                "table",
                                Shell.heads("Setting", "Value", "Decided by"),
                                el(
                                        "tbody",
                                        each(
                                                settings,
                                                s ->
                                                        el(
                                                                "tr",
                                                                el(
                                                                        "td",
                                                                        cls("mono nowrap"),
                                                                        text(s.name())),
                                                                el(
                                                                        "td",
                                                                        cls("mono"),
                                                                        text(readable(s.value()))),
                                                                el("td", s.origin())))))));
    }

    /** Lengths and sizes as people write them. */
    static String readable(String value) {
        if (value.matches("\\d{1,18} bytes")) {
            return Show.bytes(Long.parseLong(value.substring(0, value.indexOf(' '))));
        }
        try {
            return value.startsWith("PT") ? Durations.words(Duration.parse(value)) : value;
        } catch (DateTimeParseException e) {
            return value;
        }
    }

    private Html refs() {
        List<Ref> refs =
                ground.tarn().refs().stream()
                        .sorted(java.util.Comparator.comparing(r -> r.name().isRun()))
                        .toList();
        return div(
                "card flush",
                el("h2", "Branches, tags and kept runs"),
                div(
                        "scroll",
                        el(
                                "table",
                                Shell.heads("Ref", "Kind", "From", ">Cut at no.", "Made"),
                                el(
                                        "tbody",
                                        each(
                                                refs.stream().limit(REFS).toList(),
                                                r ->
                                                        el(
                                                                "tr",
                                                                el(
                                                                        "td",
                                                                        cls("mono"),
                                                                        a(
                                                                                Link.to("catalog")
                                                                                        .with(
                                                                                                "at",
                                                                                                r.name()
                                                                                                        .value()),
                                                                                r.name().value())),
                                                                el(
                                                                        "td",
                                                                        r.kind()
                                                                                .name()
                                                                                .toLowerCase(
                                                                                        Locale
                                                                                                .ROOT)),
                                                                el(
                                                                        "td",
                                                                        r.parent()
                                                                                .map(p -> p.value())
                                                                                .orElse("")),
                                                                Shell.number(
                                                                        r.parent().isEmpty()
                                                                                ? ""
                                                                                : r.cutAt()
                                                                                        .toString()),
                                                                el(
                                                                        "td",
                                                                        Show.time(
                                                                                r
                                                                                        .createdAt()))))))));
    }

    private Html working() {
        List<Run> running =
                ground.tarn().runs(RUNS).stream()
                        .filter(r -> r.status() == RunStatus.RUNNING)
                        .toList();
        return div(
                "card flush",
                el("h2", "Going on now"),
                running.isEmpty()
                        ? div("pager", attr("role", "status"), text("No run."))
                        : div("scroll", RunPages.table(running, ground.now(), true)));
    }
}
