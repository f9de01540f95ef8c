package dev.tarn.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.schedule.Scheduler;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people do with jobs, in a real browser. */
final class JobBrowserTest {
    @TempDir static Path folder;

    private static Shop shop;
    private static Scheduler scheduler;
    private static Browser browser;

    @BeforeAll
    static void open() throws Exception {
        assumeTrue(
                Browser.program().isPresent(),
                "There is no Chromium on this machine: apt-get install chromium, or name one with TARN_CHROMIUM.");
        shop = new Shop(folder);
        shop.file("jobs/all.yml", JobPagesTest.JOBS);
        scheduler = shop.tarn().jobs().work();
        browser = new Browser(Browser.program().orElseThrow());
    }

    @AfterAll
    static void close() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (scheduler != null) {
            scheduler.close();
        }
        if (shop != null) {
            shop.close();
        }
    }

    @BeforeEach
    void wide() throws Exception {
        browser.size(1280, 900);
        browser.errors.clear();
    }

    private static void click(String button) throws Exception {
        browser.until(
                "[...document.querySelectorAll('main button')].some(b => b.textContent === %s)"
                        .formatted(Json.write(button)));
        browser.run(
                "[...document.querySelectorAll('main button')].find(b => b.textContent === %s).click()"
                        .formatted(Json.write(button)));
    }

    private static void says(String text) throws Exception {
        browser.until(
                "document.readyState === 'complete' && document.querySelector('main').innerText.includes(%s)"
                        .formatted(Json.write(text)));
    }

    @Test
    void aJobIsStartedAnsweredAndSeenToItsEndWithoutTouchingTheKeyboard() throws Exception {
        browser.open(shop.address() + "/jobs/nightly");
        browser.run("document.querySelector('[name=\"param.country\"]').value = 'AT'");
        click("Run with these");
        // The page follows the run by itself.
        says("Publish AT?");
        click("Approve");
        says("Done.");
        assertThat(browser.run("location.pathname")).startsWith("/job-runs/j");
        assertThat(browser.errors).isEmpty();
    }

    @Test
    void aJobIsPausedAndResumed() throws Exception {
        browser.open(shop.address() + "/jobs/broken");
        click("Pause");
        says("Paused by the pages");
        click("Resume");
        browser.until("!document.querySelector('main').innerText.includes('Paused by')");
    }

    @Test
    void aBackfillIsPreviewedStartedAndCancelled() throws Exception {
        browser.open(shop.address() + "/jobs/nightly");
        browser.run("document.querySelector('[name=from]').value = '2026-02-01'");
        browser.run("document.querySelector('[name=to]').value = '2026-02-05'");
        click("Preview");
        says("Nothing has begun.");
        click("Start 3 runs");
        says("has begun.");
        click("Cancel");
        says("cancelled");
    }

    @Test
    void aRedRunIsGoneOnFromWhereItFailed() throws Exception {
        browser.open(shop.address() + "/runs/" + shop.bad.run().id());
        click("Again from here");
        says("Failed.");
        assertThat(browser.run("location.pathname")).startsWith("/job-runs/j");
        says("Again what did not succeed");
    }

    @Test
    void pagesOfJobsHaveRoomAndNames() throws Exception {
        browser.open(shop.address() + "/jobs/broken");
        click("Run");
        says("Failed.");
        String run = browser.run("location.pathname");
        for (int width : new int[] {1280, 760}) {
            browser.size(width, 900);
            for (String page :
                    new String[] {
                        "/jobs",
                        "/jobs/nightly",
                        "/jobs/broken",
                        "/jobs/nightly/backfill?from=2026-01-01&to=2026-02-01",
                        "/job-runs",
                        run
                    }) {
                browser.open(shop.address() + page);
                assertThat(Integer.parseInt(browser.run("document.documentElement.scrollWidth")))
                        .as(page + " at " + width)
                        .isLessThanOrEqualTo(width);
                assertThat(browser.run(BrowserTest.NAMELESS)).as(page).isEmpty();
                assertThat(browser.run("document.querySelectorAll('main h1').length"))
                        .as(page)
                        .isEqualTo("1");
            }
        }
        assertThat(browser.errors).isEmpty();
    }
}
