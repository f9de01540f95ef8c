package dev.tarn.pages;

import static dev.tarn.pages.Html.a;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.each;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.text;
import static dev.tarn.pages.Html.when;

import dev.tarn.app.Jobs;
import dev.tarn.model.alert.Notice;
import dev.tarn.model.job.ServerBeat;
import dev.tarn.model.run.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What goes on without anybody waiting for it: jobs, upkeep, messages, and who does them. */
final class BackgroundWork {
    private static final int RUNS = 200;

    private final Ground ground;

    BackgroundWork(Ground ground) {
        this.ground = ground;
    }

    Html show() {
        List<ServerBeat> servers = ground.tarn().jobs().servers();
        return div(
                "card flush",
                el("h2", "Background work"),
                div("pad", facts()),
                when(
                        !servers.isEmpty(),
                        div(
                                "scroll",
                                el(
                                        "table",
                                        Shell.heads("Server", "Process", "Since", "Last sign"),
                                        el("tbody", each(servers, this::server))))),
                when(
                        servers.isEmpty(),
                        div("pager", text("No server works on jobs: `tarn serve` does."))));
    }

    private Html facts() {
        List<Html> facts = new ArrayList<>();
        facts.add(cls("facts"));
        Jobs.Queue queue = ground.tarn().jobs().queue();
        fact(
                facts,
                "Runs of jobs",
                a(
                        Link.to("job-runs"),
                        "%s, %s queued, %s late"
                                .formatted(
                                        Show.count(queue.running()) + " at work",
                                        Show.count(queue.queued()),
                                        Show.count(queue.late()))));
        fact(
                facts,
                "Tasks",
                text(
                        "%s could begin if there were room"
                                .formatted(Show.count(queue.ready(), "task", "tasks"))));
        fact(
                facts,
                "Messages",
                a(
                        Shell.ALERTS.link(),
                        "%s waiting, %s given up"
                                .formatted(
                                        count(Notice.Status.WAITING), count(Notice.Status.DEAD))));
        fact(facts, "Upkeep", upkeep());
        return el("dl", facts.toArray(Html[]::new));
    }

    private String count(Notice.Status status) {
        return Show.count(ground.tarn().alerts().control().count(status));
    }

    private Html upkeep() {
        Optional<Run> last =
                ground.tarn().runs(RUNS).stream()
                        .filter(r -> r.command().equals("maintain"))
                        .findFirst();
        String rule =
                ground.tarn().settings().upkeep().automatic()
                        ? "after builds, for the tables they wrote"
                        : "only when asked for";
        return Html.all(
                text(rule),
                last.map(r ->
                                Html.all(
                                        text("; the last run of its own: "),
                                        a(
                                                Link.to("runs", r.id().value()),
                                                Show.ago(r.startedAt(), ground.now()))))
                        .orElse(text("; no run of its own among the newest " + RUNS)));
    }

    private Html server(ServerBeat server) {
        return el(
                "tr",
                el("td", cls("mono"), text(server.id().value())),
                el("td", text(server.host() + ", " + server.process())),
                el("td", Show.time(server.startedAt())),
                el("td", text(Show.ago(server.beatAt(), ground.now()))));
    }

    private static void fact(List<Html> facts, String name, Html value) {
        facts.add(el("dt", name));
        facts.add(el("dd", value));
    }
}
