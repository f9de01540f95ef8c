package dev.tarn.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.OnDemand;
import dev.tarn.model.RefName;
import dev.tarn.schedule.Scheduler;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages of jobs over plain HTTP, with a scheduler that works. */
final class JobPagesTest {
    static final String JOBS =
            """
            jobs:
              - name: nightly
                description: Orders of yesterday.
                owner: ann
                schedule: {cron: "30 6 * * *", zone: Europe/Zurich}
                params: {country: CH}
                deadline: 2h
                tasks:
                  - {name: export, shell: "echo hello {{ params.country }}"}
                  - {name: ask, after: export, approval: "Publish {{ params.country }}?"}
                  - {name: tell, after: ask, nothing: }
              - name: broken
                tasks:
                  - {name: fail, shell: "echo it went wrong; exit 3", retry: 0}
                  - {name: after, after: fail, nothing: }
            """;
    private static final long LONGEST_SECONDS = 60;

    @TempDir static Path folder;
    private static Shop shop;
    private static Scheduler scheduler;

    @BeforeAll
    static void open() {
        shop = new Shop(folder);
        shop.file("jobs/all.yml", JOBS);
        scheduler = shop.tarn().jobs().work();
    }

    @AfterAll
    static void close() {
        scheduler.close();
        shop.close();
    }

    @Test
    void theListSaysWhatThereIsAndWhenItIsDue() {
        assertThat(ok("/jobs"))
                .contains("href=\"/jobs/nightly\"")
                .contains("Orders of yesterday.")
                .contains("Owner: ann")
                .contains("cron 30 6 * * * (Europe/Zurich)")
                .contains("by hand")
                .contains("1 server works on it")
                .contains("action=\"/jobs/nightly/run\"")
                .contains("action=\"/jobs/nightly/pause\"");
    }

    @Test
    void aJobShowsItsCalendarItsTasksAndWhereItStands() {
        assertThat(ok("/jobs/nightly"))
                .contains("class=\"calendar\"")
                .contains("1 due")
                .contains("Today")
                .contains("/files/jobs/all.yml?line=2")
                .contains("name=\"param.country\"")
                .contains("Is late after</dt><dd>2h")
                .contains("2 times that can go away, from 10s on");
        assertThat(ok("/jobs/broken"))
                .contains("No time starts this job")
                .contains("when somebody starts it")
                .doesNotContain("Preview");
    }

    @Test
    void aRunIsStartedFollowedAnsweredAndDone() {
        String run = post("/jobs/nightly/run", Map.of("param.country", "DE"));
        String held = until(run, "Publish DE?");
        assertThat(held)
                .contains("waits for ask, until all succeeded")
                .contains("a decision: Publish DE?")
                .contains("Cancel");
        assertThat(ok(run + "?task=export")).contains("hello DE");
        assertThat(post(run, Map.of("do", "approve", "task", "ask"))).isEqualTo(run);
        assertThat(until(run, "Done."))
                .contains("approved by the pages")
                .contains("country=DE")
                .contains("Again from here");
        assertThat(ok("/job-runs?job=nightly&status=succeeded")).contains(run);
        assertThat(ok("/jobs/nightly")).contains(run);
    }

    @Test
    void aFailedRunGoesOnFromATaskAndKeepsItsTries() {
        String run = post("/jobs/broken/run", Map.of());
        assertThat(until(run, "Failed."))
                .contains("The command ended with code 3: it went wrong.")
                .contains("it went wrong")
                .contains("held back")
                .contains("Again what did not succeed");
        assertThat(ok("/jobs")).contains("The last run of broken failed");
        post(run, Map.of("do", "again", "task", "fail"));
        assertThat(until(run, "Tries")).contains("try 2");
        String again = until(run, "Failed.");
        assertThat(again).contains("attempt=1");
        post(run, Map.of("do", "succeeded", "task", "fail"));
        assertThat(until(run, "Done.")).contains("marked by the pages");
    }

    @Test
    void aJobIsPausedAndResumed() {
        assertThat(post("/jobs/broken/pause", Map.of())).isEqualTo("/jobs/broken");
        assertThat(ok("/jobs/broken")).contains("Paused by the pages").contains("Resume");
        assertThat(ok("/jobs")).contains("1 job is paused");
        post("/jobs/broken/resume", Map.of());
        assertThat(ok("/jobs/broken")).doesNotContain("Paused by");
    }

    @Test
    void aBackfillIsSeenBeforeItBeginsAndStopped() {
        String preview = ok("/jobs/nightly/backfill?from=2026-03-01&to=2026-03-08&parallel=2");
        assertThat(preview)
                .contains("6 runs, from 2026-03-01 05:30:00 to 2026-03-07 05:30:00, 2 at a time")
                .contains("Start 6 runs")
                .contains("Nothing has begun");
        assertThat(ok("/jobs/nightly")).doesNotContain("<h2>Backfills</h2>");
        String begun =
                post(
                        "/jobs/nightly/backfill",
                        Map.of("from", "2026-03-01", "to", "2026-03-08", "parallel", "2"));
        String page = ok(begun);
        assertThat(page).contains("has begun.").contains("<h2>Backfills</h2>");
        String id = begun.substring(begun.indexOf('=') + 1);
        post("/jobs/nightly/backfills", Map.of("id", id, "do", "pause"));
        assertThat(ok("/jobs/nightly")).contains("paused");
        post("/jobs/nightly/backfills", Map.of("id", id, "do", "cancel"));
        until("/job-runs?backfill=" + id, "cancelled");
    }

    @Test
    void aRunOfTheProjectIsGoneOnFromByAButton() {
        String red = "/runs/" + shop.bad.run().id();
        assertThat(ok(red)).contains("Again from here").contains("action=\"" + red + "/again\"");
        String asked = post(red + "/again", Map.of());
        assertThat(until(asked, "Failed."))
                .contains("on-demand")
                .contains("CHECK_FAILED")
                .contains("href=\"/runs/");
        HttpResponse<String> good = shop.post("/runs/" + shop.good.run().id() + "/again", Map.of());
        assertThat(good.statusCode()).isEqualTo(400);
        assertThat(good.body())
                .contains("ended well: there is nothing to go on from.")
                .contains("USAGE");
    }

    @Test
    void whatWasAskedForAndNeverBecameARunIsRedOnTheHomePage() throws Exception {
        shop.file("models/typo.sql", "select idd from {{ ref('items') }}\n");
        try {
            String id =
                    shop.tarn()
                            .jobs()
                            .order(
                                    new OnDemand.Order.Build(
                                            "build",
                                            List.of("typo"),
                                            List.of(),
                                            RefName.MAIN,
                                            Map.of(),
                                            false),
                                    Optional.empty(),
                                    "ann")
                            .id()
                            .value();
            until("/job-runs/" + id, "Failed.");
            assertThat(ok("/"))
                    .contains("/job-runs/" + id, "Asked for by ann", "models/typo.sql:1:8")
                    .contains("Did you mean &#39;id&#39;?");
        } finally {
            Files.delete(shop.root().resolve("models/typo.sql"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    /jobs/nightli/run           | 404 | There is no job
                    /jobs/Nightly/run           | 400 | cannot name a job
                    /job-runs/j1                | 404 | is not the id of a job
                    /jobs/nightly/nonsense      | 404 | There is no page
                    /jobs/nightly/backfill      | 400 | is not a time to be put under
                    """)
    void whatCannotBeDoneIsSaid(String path, int status, String says) {
        HttpResponse<String> answer = shop.post(path, Map.of());
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(says);
    }

    @Test
    void whatIsWrongInAFormIsSaid() {
        HttpResponse<String> param = shop.post("/jobs/nightly/run", Map.of("param.contry", "DE"));
        assertThat(param.statusCode()).isEqualTo(400);
        assertThat(param.body()).contains("Did you mean &#39;country&#39;?");
        assertThat(shop.get("/jobs/nightly/backfill?from=2026-03-01&to=2026-02-01").body())
                .contains("which is not after its begin");
        assertThat(
                        shop.get("/jobs/nightly/backfill?from=2026-03-01&to=2026-03-04&parallel=0")
                                .body())
                .contains("must be a whole number from 1 to 1,000");
        String run = post("/jobs/nightly/run", Map.of());
        assertThat(shop.post(run, Map.of("do", "nonsense")).body())
                .contains("The form asks for &#39;nonsense&#39;, which means nothing.");
        post(run, Map.of("do", "cancel"));
        until(run, "Cancelled.");
    }

    @Test
    void otherSitesCannotStartAnything() {
        for (String path : new String[] {"/jobs/nightly/run", "/runs/x/again", "/job-runs/x"}) {
            assertThat(shop.post(path, Map.of(), "Origin", "http://localhost:9999").statusCode())
                    .as(path)
                    .isEqualTo(403);
        }
    }

    @Test
    void twoPressesAreOneRun() {
        Map<String, String> once = Map.of("key", "2026-11-21T12:00:00Z");
        String first = post("/jobs/broken/run", once);
        assertThat(post("/jobs/broken/run", once)).isEqualTo(first);
    }

    @Test
    void aFileThatIsWrongIsSaidAndWhatWasRightGoesOn() {
        shop.file("jobs/wrong.yml", "jobs:\n  - name: odd\n    schedule: \"30 6 31 2 *\"\n");
        try {
            assertThat(ok("/jobs"))
                    .contains("Files of jobs are wrong")
                    .contains("jobs/wrong.yml:3:16")
                    .contains("href=\"/jobs/nightly\"");
        } finally {
            assertThat(folder.resolve("jobs/wrong.yml").toFile().delete()).isTrue();
        }
    }

    private static String ok(String path) {
        HttpResponse<String> answer = shop.get(path);
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(200);
        return answer.body();
    }

    /** Sends a form; where the browser would go then. */
    private static String post(String path, Map<String, String> form) {
        HttpResponse<String> answer = shop.post(path, form);
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(303);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    private static String until(String path, String says) {
        CountDownLatch never = new CountDownLatch(1);
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        String page = ok(path);
        while (!page.contains(says)) {
            if (System.nanoTime() - giveUp > 0) {
                throw new AssertionError("Never says '" + says + "': " + page);
            }
            try {
                boolean unused = never.await(20, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            page = ok(path);
        }
        return page;
    }
}
