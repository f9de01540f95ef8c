package dev.tarn.pages;

import dev.tarn.app.Tarn;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.spi.HttpProtocol;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pages. Each first part of an address has one {@link Page}; what goes wrong becomes a page
 * too, with the same words as on the command line.
 */
public final class Pages implements HttpProtocol, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Pages.class);

    private final ProjectWatch watch;
    private final Shell shell;
    private final Metrics metrics;
    private final Map<String, Page> pages = new HashMap<>();

    private Pages(ProjectWatch watch, Shell shell, Metrics metrics) {
        this.watch = watch;
        this.shell = shell;
        this.metrics = metrics;
    }

    /** One kind of page. */
    interface Page {
        /**
         * @return empty if there is no such page
         */
        Optional<Answer> answer(Ask ask);
    }

    /** Something to be shown inside the shell. */
    interface Shown {
        Shell.Content show(Ask ask);
    }

    /**
     * @param root the project's folder
     */
    public static Pages open(Tarn tarn, Path root, Clock clock) {
        ProjectWatch watch = new ProjectWatch(tarn, root, clock);
        String name = String.valueOf(root.toAbsolutePath().normalize().getFileName());
        Ground ground = new Ground(tarn, watch, root, clock, clock.instant());
        Pages pages = new Pages(watch, new Shell(name), new Metrics(ground));
        pages.addAll(ground);
        // So that the first page that wants the project finds it compiled.
        ground.projectSoon();
        return pages;
    }

    private void addAll(Ground ground) {
        pages.put("", shown(0, new HomePage(ground)::show));
        RunPages runs = new RunPages(ground);
        pages.put(
                "runs",
                ask ->
                        ask.isPost()
                                ? runs.post(ask).map(Reply::seeOther)
                                : runs.content(ask).map(c -> shell.page(200, c)));
        JobPages jobs = new JobPages(ground);
        for (String part : JobPages.PARTS) {
            pages.put(
                    part,
                    ask ->
                            ask.isPost()
                                    ? jobs.post(ask).map(Reply::seeOther)
                                    : jobs.content(ask).map(c -> shell.page(200, c)));
        }
        pages.put("catalog", shown(1, new CatalogPage(ground)::show));
        AssetPages assets = new AssetPages(ground);
        pages.put(
                "assets",
                ask ->
                        ask.isPost()
                                ? assets.post(ask).map(Reply::seeOther)
                                : assets.content(ask).map(c -> shell.page(200, c)));
        pages.put("lineage", shown(1, new LineagePage(ground)::show));
        pages.put("grid", shown(1, new GridPage(ground)::show));
        pages.put("system", shown(1, new SystemPage(ground)::show));
        ChecksPages checks = new ChecksPages(ground);
        pages.put("checks", ask -> checks.content(ask).map(c -> shell.page(200, c)));
        IngestPages ingest = new IngestPages(ground);
        pages.put(
                "sources",
                ask ->
                        ask.isPost()
                                ? ingest.post(ask).map(Reply::seeOther)
                                : ingest.content(ask).map(c -> shell.page(200, c)));
        AlertsPage alerts = new AlertsPage(ground);
        Page listed = shown(1, alerts::show);
        pages.put(
                "alerts",
                ask ->
                        ask.isPost() && ask.path().size() == 1
                                ? Optional.of(Reply.seeOther(alerts.post(ask)))
                                : listed.answer(ask));
        SqlPage sql = new SqlPage(ground);
        Page asking = shown(1, sql::show);
        pages.put(
                "sql",
                a ->
                        a.isPost() && a.path().equals(List.of("sql", "cancel"))
                                ? Optional.of(sql.cancel(a))
                                : a.path().equals(List.of("sql", "ways"))
                                        ? Optional.of(sql.ways(a))
                                        : asking.answer(a));
        pages.put("health", new Health(ground)::answer);
        pages.put(
                "metrics",
                ask -> ask.path().size() == 1 ? Optional.of(metrics.answer()) : Optional.empty());
        FilePage files = new FilePage(ground);
        pages.put("files", ask -> files.content(ask).map(c -> shell.page(200, c)));
        pages.put(
                "static",
                ask ->
                        ask.path().size() == 2
                                ? StaticFiles.answer(ask.path().get(1))
                                : Optional.empty());
    }

    /** A page without others below it. */
    private Page shown(int depth, Shown shown) {
        return ask ->
                ask.path().size() == depth
                        ? Optional.of(shell.page(200, shown.show(ask)))
                        : Optional.empty();
    }

    @Override
    public Answer answer(Call call) {
        long begin = System.nanoTime();
        Answer answer = made(call);
        metrics.count(answer.status(), Duration.ofNanos(System.nanoTime() - begin));
        return answer;
    }

    private Answer made(Call call) {
        List<String> path = List.of();
        try {
            Ask ask = Ask.of(call);
            path = ask.path();
            Optional<Answer> refused = refused(ask);
            if (refused.isPresent()) {
                return refused.get();
            }
            Page page = pages.get(ask.path().isEmpty() ? "" : ask.path().getFirst());
            return Optional.ofNullable(page)
                    .flatMap(p -> p.answer(ask))
                    .orElseGet(() -> shell.page(404, ErrorPage.nothing(ask)));
        } catch (TarnException e) {
            int status = status(e.code());
            return shell.page(status, ErrorPage.of(status, path, e.problems()));
        } catch (RuntimeException | StackOverflowError e) {
            log.error("A page failed: {} {}", call.method(), call.path(), e);
            return shell.page(
                    500,
                    ErrorPage.of(
                            500,
                            path,
                            List.of(
                                    Problem.of(
                                            ErrorCode.INTERNAL,
                                            "Tarn failed to make this page. Its log has the"
                                                    + " details."))));
        }
    }

    /** What browsers may ask is decided by method and by where the asking page came from. */
    private Optional<Answer> refused(Ask ask) {
        return switch (ask.method()) {
            case "GET", "HEAD" -> Optional.empty();
            case "POST" ->
                    isOwn(ask)
                            ? Optional.empty()
                            : Optional.of(shell.page(403, ErrorPage.foreign()));
            default ->
                    Optional.of(
                            Reply.of(
                                    405,
                                    "text/plain; charset=utf-8",
                                    Map.of("Allow", "GET, HEAD, POST"),
                                    new byte[0]));
        };
    }

    /**
     * Whether a form comes from a page of this very server. The gate already refuses other sites; a
     * page on another port of this machine is none of ours either.
     */
    private static boolean isOwn(Ask ask) {
        String site = ask.headers().getOrDefault("sec-fetch-site", "none");
        String origin = ask.headers().get("origin");
        String host = ask.headers().getOrDefault("host", "");
        boolean ownOrigin =
                origin == null
                        || origin.toLowerCase(Locale.ROOT)
                                .equals("http://" + host.toLowerCase(Locale.ROOT));
        return ownOrigin && (site.equals("same-origin") || site.equals("none"));
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case TABLE_NOT_FOUND,
                    REF_NOT_FOUND,
                    RUN_NOT_FOUND,
                    NODE_NOT_FOUND,
                    SOURCE_NOT_FOUND,
                    PUBLICATION_NOT_FOUND ->
                    404;
            case COMMIT_CONFLICT, OUTDATED -> 409;
            default ->
                    switch (code.blame()) {
                        case USER, DATA -> 400;
                        case ENVIRONMENT -> code.retryable() ? 503 : 500;
                    };
        };
    }

    @Override
    public void close() {
        watch.close();
    }
}
