package dev.tarn.pages;

import static dev.tarn.pages.Html.a;
import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.each;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.span;
import static dev.tarn.pages.Html.text;
import static dev.tarn.pages.Html.when;

import dev.tarn.app.At;
import dev.tarn.app.Trouble;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.graph.Node;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.model.run.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is red, since when and why; then what happened last. */
final class HomePage {
    private static final int TROUBLES = 30;
    private static final int RUNS = 24;
    private static final int LISTED = 8;
    private static final int HELD = 6;
    private static final int REFRESH_SECONDS = 15;

    private final Ground ground;

    HomePage(Ground ground) {
        this.ground = ground;
    }

    Shell.Content show(Ask ask) {
        ProjectWatch.State state = ground.projectSoon();
        Optional<ProjectMap> map = state.map();
        List<Trouble> troubles =
                ground.tarn().overview().troubles().stream()
                        .filter(t -> map.isEmpty() || map.get().node(t.latest().node()).isPresent())
                        .toList();
        List<Run> runs = ground.tarn().runs(RUNS);
        List<JobRun> jobs = RedJobs.of(ground.tarn().jobs());
        return Shell.Content.of(
                        "Home",
                        Shell.HOME,
                        Shell.heading(
                                "What is going on", "As of " + Show.second(ground.now()) + " UTC"),
                        verdict(state, troubles, jobs.size(), runs),
                        compile(state),
                        lost(runs),
                        each(troubles.stream().limit(TROUBLES).toList(), t -> trouble(t, map)),
                        when(
                                troubles.size() > TROUBLES,
                                Html.p(
                                        "… and %d more: see the checks and the grid."
                                                .formatted(troubles.size() - TROUBLES))),
                        RedJobs.cards(jobs, ground.now()),
                        tiles(),
                        div("cols wide-left", runs(runs), publications()))
                .refreshing(REFRESH_SECONDS);
    }

    /** One line that says how things stand. */
    private Html verdict(
            ProjectWatch.State state, List<Trouble> troubles, long jobs, List<Run> runs) {
        long failed = troubles.stream().filter(HomePage::failed).count();
        long warned = troubles.size() - failed;
        Optional<Run> running =
                runs.stream().filter(r -> r.status() == RunStatus.RUNNING).findFirst();
        Html now =
                running.map(r ->
                                Html.all(
                                        span("grow", ""),
                                        a(
                                                Link.to("runs", r.id().value()),
                                                span(
                                                        "st run",
                                                        Mark.RUNNING.shape(),
                                                        text("a run is going on")))))
                        .orElse(Html.NOTHING);
        if (state instanceof ProjectWatch.State.Broken broken) {
            return banner(
                    Mark.FAILED,
                    "fail",
                    "The project does not compile: %s."
                            .formatted(Show.count(broken.problems().size(), "mistake", "mistakes")),
                    now);
        }
        if (failed > 0) {
            Instant since =
                    troubles.stream()
                            .filter(HomePage::failed)
                            .flatMap(t -> t.since().startedAt().stream())
                            .min(Instant::compareTo)
                            .orElse(ground.now());
            return banner(
                    Mark.FAILED,
                    "fail",
                    "%s, the oldest since %s (%s)%s%s."
                            .formatted(
                                    Show.count(failed, "node is red", "nodes are red"),
                                    Show.second(since),
                                    Show.ago(since, ground.now()),
                                    warned > 0 ? "; " + warned + " more with warnings" : "",
                                    jobs > 0 ? "; " + failedJobs(jobs) : ""),
                    now);
        }
        if (jobs > 0) {
            return banner(
                    Mark.FAILED, "fail", "No node is red; %s.".formatted(failedJobs(jobs)), now);
        }
        if (warned > 0) {
            return banner(
                    Mark.WARNED,
                    "warn",
                    "Nothing is red; %s."
                            .formatted(Show.count(warned, "check warns", "checks warn")),
                    now);
        }
        return runs.isEmpty()
                ? banner(Mark.NONE, "", "Nothing has run yet.", now)
                : banner(Mark.OK, "ok", "Everything is green.", now);
    }

    private static String failedJobs(long jobs) {
        return Show.count(jobs, "job failed", "jobs failed");
    }

    private static Html banner(Mark mark, String colour, String says, Html beside) {
        return div(
                "banner " + colour,
                attr("role", "status"),
                mark.shape(),
                el("strong", says),
                beside);
    }

    private static boolean failed(Trouble trouble) {
        return trouble.latest().status() == TaskStatus.FAILED;
    }

    private static Html compile(ProjectWatch.State state) {
        return switch (state) {
            case ProjectWatch.State.Broken broken ->
                    div(
                            "card trouble fail",
                            el("h2", "The project's files cannot be compiled"),
                            Problems.all(broken.problems(), 10),
                            el(
                                    "p",
                                    cls("soft"),
                                    text(
                                            "Mend the files; this page looks again by itself. Tables stay as they are published.")));
            case ProjectWatch.State.Unknown u ->
                    div("card soft", text("The project is being compiled …"));
            case ProjectWatch.State.Absent absent -> Html.NOTHING;
            case ProjectWatch.State.Compiled compiled -> Html.NOTHING;
        };
    }

    /** A run that vanished has no task to tell of it. */
    private Html lost(List<Run> runs) {
        return runs.stream()
                .filter(r -> r.status() != RunStatus.RUNNING)
                .findFirst()
                .filter(r -> r.status() == RunStatus.LOST || r.status() == RunStatus.FAILED)
                .filter(r -> r.status() == RunStatus.LOST || r.error().isPresent())
                .filter(r -> ground.tarn().overview().troubles().isEmpty())
                .map(r ->
                        div(
                                "card trouble fail",
                                div(
                                        "who",
                                        Mark.of(r.status()).badge(),
                                        a(Link.to("runs", r.id().value()), "run " + r.id()),
                                        span("soft", "since " + Show.second(r.startedAt()))),
                                r.status() == RunStatus.LOST
                                        ? Html.p(
                                                "Its process vanished without an end. Nothing of it was published.")
                                        : Problems.show(Problems.Told.parse(r.error().orElse("")))))
                .orElse(Html.NOTHING);
    }

    private Html trouble(Trouble trouble, Optional<ProjectMap> map) {
        String id = trouble.latest().node();
        Optional<Node> node = map.flatMap(m -> m.node(id));
        Instant since = trouble.since().startedAt().orElse(trouble.run().startedAt());
        String colour = Mark.of(trouble.latest().status()).colour();
        return el(
                "section",
                cls("card trouble " + colour),
                attr("aria-label", ProjectMap.shortName(id)),
                div(
                        "who",
                        Mark.of(trouble.latest().status()).badge(),
                        node.map(n -> a(Ground.page(n), ProjectMap.title(n)))
                                .orElseGet(() -> el("b", ProjectMap.shortName(id))),
                        span("chip", node.map(ProjectMap::kind).orElse("node")),
                        span(
                                "soft",
                                text("since "),
                                Show.time(since),
                                text(
                                        " (%s%s)"
                                                .formatted(
                                                        Show.ago(since, ground.now()),
                                                        trouble.times() > 1
                                                                ? ", "
                                                                        + trouble.times()
                                                                        + " runs in a row"
                                                                : ""))),
                        span(
                                "ways no-print",
                                node.filter(Node.Check.class::isInstance)
                                        .map(n ->
                                                a(
                                                        Ground.page(n),
                                                        cls("button"),
                                                        text("Failing rows")))
                                        .orElse(Html.NOTHING),
                                a(
                                        Link.to("runs", trouble.run().id().value())
                                                .with("task", id),
                                        cls("button"),
                                        text("The run")))),
                Problems.of(trouble.latest(), node),
                standing(node, map),
                held(trouble, node, map));
    }

    /** Who looks after what is red, and what people see of it meanwhile. */
    private Html standing(Optional<Node> node, Optional<ProjectMap> map) {
        Optional<TableName> table =
                node.flatMap(n ->
                        n instanceof Node.Check check
                                ? check.dependsOn().stream()
                                        .flatMap(id ->
                                                map
                                                        .flatMap(m -> m.project().find(id))
                                                        .flatMap(ProjectMap::relation)
                                                        .stream())
                                        .findFirst()
                                : ProjectMap.relation(n));
        if (table.isEmpty()) {
            return Html.NOTHING;
        }
        try {
            Optional<Publication> good =
                    ground.tarn().history(table.get(), RefName.MAIN, 1).stream()
                            .filter(v -> v.value().isPresent())
                            .findFirst()
                            .map(v -> v.publication());
            Optional<String> owner =
                    ground.tarn().overview().tables(At.MAIN, List.of(table.get())).stream()
                            .flatMap(l -> l.owner().stream())
                            .findFirst();
            return el(
                    "p",
                    cls("small held"),
                    span("soft", "Last good publication of "),
                    text(table.get() + ": "),
                    good.map(p ->
                                    Html.all(
                                            text("no. " + p.id() + " of "),
                                            Show.time(p.at()),
                                            span(
                                                    "soft",
                                                    " (%s)"
                                                            .formatted(
                                                                    Show.ago(
                                                                            p.at(),
                                                                            ground.now())))))
                            .orElse(text("none yet")),
                    owner.map(o -> Html.all(span("soft", " · Owner: "), text(o)))
                            .orElse(Html.NOTHING));
        } catch (TarnException e) {
            // It was never published, or is gone again.
            return Html.NOTHING;
        }
    }

    /** What does not move while this is red, and since when it stands. */
    private static Html held(Trouble trouble, Optional<Node> node, Optional<ProjectMap> map) {
        if (!failed(trouble) || node.isEmpty() || map.isEmpty()) {
            return Html.NOTHING;
        }
        List<Node> after =
                node.get() instanceof Node.Check check
                        ? check.dependsOn().stream()
                                .flatMap(id ->
                                        java.util.stream.Stream.concat(
                                                map.get().project().find(id).stream(),
                                                map.get().after(id).stream()))
                                .distinct()
                                .toList()
                        : map.get().after(node.get().id());
        if (after.isEmpty()) {
            return Html.NOTHING;
        }
        return el(
                "p",
                cls("small held"),
                span("soft", "Stays as it was published:"),
                each(
                        after.stream().limit(HELD).toList(),
                        n -> Html.all(text(" "), a(Ground.page(n), ProjectMap.title(n)))),
                after.size() > HELD
                        ? a(
                                Link.to("lineage").with("select", after.getFirst().name() + "+"),
                                "and %d more".formatted(after.size() - HELD))
                        : Html.NOTHING);
    }

    private Html tiles() {
        List<Verdict> verdicts = ground.tarn().overview().verdicts(At.MAIN);
        long passed = verdicts.stream().filter(v -> v.outcome() == Verdict.Outcome.PASSED).count();
        int relations = ground.tarn().overview().relations(At.MAIN).size();
        long branches = ground.tarn().refs().stream().filter(r -> !r.name().isRun()).count();
        return div(
                "tiles",
                tile(Shell.CATALOG.link(), Show.count(relations), "tables and views on main"),
                tile(
                        Shell.CHECKS.link(),
                        "%s of %s".formatted(Show.count(passed), Show.count(verdicts.size())),
                        "standing checks passed"),
                tile(
                        Shell.SYSTEM.link(),
                        Show.count(branches),
                        branches == 1 ? "ref: main" : "branches and tags"));
    }

    private static Html tile(Link link, String number, String what) {
        return a(link, cls("tile"), el("b", number), span("", what));
    }

    private Html runs(List<Run> runs) {
        if (runs.isEmpty()) {
            return Shell.empty("No run yet. Build everything with", "tarn build");
        }
        return div(
                "card flush",
                el("h2", "Runs"),
                div(
                        "scroll",
                        RunPages.table(runs.stream().limit(LISTED).toList(), ground.now(), true)),
                div("pager", a(Shell.RUNS.link(), "All runs")));
    }

    private Html publications() {
        List<Publication> published = ground.tarn().publications(RefName.MAIN, LISTED);
        if (published.isEmpty()) {
            return Html.NOTHING;
        }
        return div(
                "card flush",
                el("h2", "Published to main"),
                div(
                        "scroll",
                        el(
                                "table",
                                Shell.heads(">No.", "When", "What"),
                                el(
                                        "tbody",
                                        each(
                                                published,
                                                p ->
                                                        el(
                                                                "tr",
                                                                Shell.number(p.id().toString()),
                                                                el("td", Show.time(p.at())),
                                                                el(
                                                                        "td",
                                                                        p.run()
                                                                                .map(r ->
                                                                                        a(
                                                                                                Link
                                                                                                        .to(
                                                                                                                "runs",
                                                                                                                r
                                                                                                                        .value()),
                                                                                                p
                                                                                                        .message()))
                                                                                .orElseGet(() ->
                                                                                        text(
                                                                                                p
                                                                                                        .message())),
                                                                        text(
                                                                                " · "
                                                                                        + Show
                                                                                                .count(
                                                                                                        p
                                                                                                                .changes(),
                                                                                                        "change",
                                                                                                        "changes")))))))));
    }

    static Duration took(Run run, Instant now) {
        return Duration.between(run.startedAt(), run.finishedAt().orElse(now));
    }
}
