package dev.tarn.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.app.At;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every page in a real browser. */
final class BrowserTest {
    /** What one can operate or fill in and that has no name a screen reader could say. */
    static final String NAMELESS =
            """
            [...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, svg[role], [role=region]')]
              .filter(e => !(e.getAttribute('aria-label') || e.textContent.trim()
                || (e.labels && e.labels.length && e.labels[0].textContent.trim())))
              .map(e => e.outerHTML.slice(0, 120)).join(' | ')
            """;

    @TempDir static Path folder;

    private static Shop shop;
    private static Browser browser;

    @BeforeAll
    static void open() throws Exception {
        assumeTrue(
                Browser.program().isPresent(),
                "There is no Chromium on this machine: apt-get install chromium, or name one with TARN_CHROMIUM.");
        shop = new Shop(folder);
        browser = new Browser(Browser.program().orElseThrow());
    }

    @AfterAll
    static void close() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (shop != null) {
            shop.close();
        }
    }

    @BeforeEach
    void wide() throws Exception {
        browser.size(1280, 900);
        browser.errors.clear();
        browser.asked.clear();
    }

    private static List<String> pages() {
        String orders = "/assets/" + shop.tarn().named("orders", At.MAIN);
        String check =
                shop.bad.verdicts().stream()
                        .map(v -> v.check())
                        .filter(c -> c.contains("known_ids"))
                        .findFirst()
                        .orElseThrow();
        List<String> pages =
                new ArrayList<>(
                        List.of(
                                "/",
                                "/runs",
                                "/runs/" + shop.bad.run().id(),
                                "/grid",
                                "/catalog",
                                "/catalog?q=ord",
                                orders,
                                "/lineage",
                                "/checks",
                                "/checks/" + check,
                                "/sql",
                                "/sources",
                                "/alerts",
                                "/jobs",
                                "/job-runs",
                                "/system",
                                "/files/models/orders.sql?line=2"));
        for (String part : List.of("columns", "lineage", "checks", "runs", "code", "history")) {
            pages.add(orders + "/" + part);
        }
        pages.add(Shop.query("select 1 as one").replace("+", "%20"));
        return pages;
    }

    @Test
    void everyPageIsWholeNamedAndAsksNobodyElse() throws Exception {
        for (String page : pages()) {
            browser.open(shop.address() + page);
            assertThat(browser.run("document.querySelectorAll('main h1').length"))
                    .as(page)
                    .isEqualTo("1");
            assertThat(browser.run(NAMELESS)).as(page).isEmpty();
            assertThat(browser.run("getComputedStyle(document.body).display"))
                    .as("style of " + page)
                    .isEqualTo("grid");
        }
        assertThat(browser.errors).isEmpty();
        assertThat(browser.asked).isNotEmpty().allMatch(url -> url.startsWith(shop.address()));
    }

    @Test
    void everyPageHasRoomOnAWideAndOnANarrowScreen() throws Exception {
        for (int width : new int[] {1280, 760, 500}) {
            browser.size(width, 900);
            for (String page : pages()) {
                browser.open(shop.address() + page);
                assertThat(Integer.parseInt(browser.run("document.documentElement.scrollWidth")))
                        .as(page + " at " + width)
                        .isLessThanOrEqualTo(width);
                assertThat(
                                Double.parseDouble(
                                        browser.run(
                                                "document.querySelector('main').getBoundingClientRect().top")))
                        .as("what stands above " + page + " at " + width)
                        .isLessThan(220);
            }
        }
    }

    @Test
    void barsOfARunBeginBesideTheirNamesAndEndInTheirPanel() throws Exception {
        String left = "document.querySelector('.gantt .%s').getBoundingClientRect().left";
        for (int width : new int[] {1280, 1920}) {
            browser.size(width, 900);
            browser.open(shop.address() + "/runs/" + shop.bad.run().id());
            double names = Double.parseDouble(browser.run(left.formatted("names")));
            double bars = Double.parseDouble(browser.run(left.formatted("bars .axis")));
            double last =
                    Double.parseDouble(
                            browser.run(
                                    "Math.max(...[...document.querySelectorAll('.gantt .bars rect, .gantt .bars text')].map(e => e.getBoundingClientRect().right))"));
            assertThat(bars).as("bars at " + width).isGreaterThan(names + 300);
            assertThat(last).as("end at " + width).isGreaterThan(width / 2.0).isLessThan(width);
        }
    }

    @Test
    void theKeyboardGetsEverywhere() throws Exception {
        browser.open(shop.address() + "/");
        browser.press("/");
        assertThat(browser.run("document.activeElement.id")).isEqualTo("search");
        browser.open(shop.address() + "/");
        browser.press("g");
        browser.press("c");
        browser.until("location.pathname === '/catalog' && document.readyState === 'complete'");
        browser.press("?");
        browser.until("document.getElementById('keys').open");
    }

    @Test
    void lightAndDarkAreChosenAndKept() throws Exception {
        browser.open(shop.address() + "/");
        String before = browser.run("getComputedStyle(document.body).backgroundColor");
        browser.run("document.getElementById('theme').click()");
        String after = browser.run("getComputedStyle(document.body).backgroundColor");
        assertThat(after).isNotEqualTo(before);
        browser.open(shop.address() + "/runs");
        assertThat(browser.run("getComputedStyle(document.body).backgroundColor")).isEqualTo(after);
        browser.run("localStorage.clear()");
    }

    /** The contrast of what is written to what is behind it, as WCAG counts it. */
    private static final String FAINT =
            """
            (() => {
              const light = c => { const [r, g, b] = c.map(v => v / 255)
                .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
              const colour = t => (t.match(/[\\d.]+/g) || []).map(Number);
              const behind = e => { for (; e; e = e.parentElement) {
                const c = colour(getComputedStyle(e).backgroundColor);
                if (c.length === 3 || c[3] === 1) return c.slice(0, 3); } return [255, 255, 255]; };
              return [...document.querySelectorAll('body *')]
                .filter(e => !e.closest('svg, [disabled], dialog, .skip') && e.checkVisibility()
                  && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
                .map(e => { const a = light(colour(getComputedStyle(e).color)), b = light(behind(e));
                  return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e]; })
                .filter(([ratio]) => ratio < 4.5)
                .map(([ratio, e]) => ratio.toFixed(1) + ' ' + e.outerHTML.slice(0, 90)).join(' | ');
            })()
            """;

    @Test
    void everythingCanBeReadInLightAndDark() throws Exception {
        for (String scheme : List.of("light", "dark")) {
            browser.media("", scheme);
            for (String page : pages()) {
                browser.open(shop.address() + page);
                assertThat(browser.run(FAINT)).as(page + " in " + scheme).isEmpty();
            }
        }
        browser.media("", "light");
    }

    @Test
    void paperIsLightBeginsAtOnceAndCutsNothing() throws Exception {
        browser.open(shop.address() + "/");
        browser.run("localStorage.setItem('tarn-theme', 'dark')");
        browser.media("print", "dark");
        // A page of A4 without its margins.
        browser.size(703, 1000);
        for (String page : pages()) {
            browser.open(shop.address() + page);
            assertThat(browser.run("getComputedStyle(document.body).backgroundColor"))
                    .as(page)
                    .isEqualTo("rgb(255, 255, 255)");
            assertThat(browser.run(FAINT)).as(page).isEmpty();
            assertThat(Integer.parseInt(browser.run("document.documentElement.scrollWidth")))
                    .as(page)
                    .isLessThanOrEqualTo(703);
            assertThat(
                            browser.run(
                                    "[...document.querySelectorAll('.card:not(.trouble), .source, .scroll')]"
                                            + ".filter(e => getComputedStyle(e).breakInside === 'avoid'"
                                            + " || getComputedStyle(e).overflowX === 'hidden').length"))
                    .as(page)
                    .isEqualTo("0");
        }
        browser.media("", "light");
        browser.run("localStorage.clear()");
    }

    @Test
    void theWayOfANodeIsLitWhenItHasTheFocus() throws Exception {
        browser.open(shop.address() + "/lineage");
        browser.run("document.querySelector('[data-id=\"model.shop.report\"]').focus()");
        browser.until(
                "document.querySelector('[data-id=\"seed.shop.items\"]').classList.contains('lit')");
        assertThat(
                        browser.run(
                                "document.querySelector('[data-id=\"model.shop.latest\"]').classList.contains('lit')"))
                .isEqualTo("false");
    }

    /** Types as if by keys, at the end of what is there. */
    private static void type(String text) throws Exception {
        browser.run(
                "(() => { const a = document.querySelector('textarea[data-sql]'); a.focus();"
                        + " a.setRangeText(%s, a.value.length, a.value.length, 'end');"
                                .formatted(Json.write(text))
                        + " a.dispatchEvent(new Event('input', {bubbles: true})); })()");
    }

    private static void key(String key) throws Exception {
        browser.run(
                "document.querySelector('textarea[data-sql]').dispatchEvent(new KeyboardEvent('keydown',"
                        + " {key: %s, bubbles: true, cancelable: true}))"
                                .formatted(Json.write(key)));
    }

    @Test
    void aStatementIsCompletedWithTablesAndTheirColumns() throws Exception {
        browser.open(shop.address() + "/sql");
        type("select  from orders");
        browser.run("document.querySelector('textarea[data-sql]').setSelectionRange(7, 7)");
        browser.run(
                "document.querySelector('textarea[data-sql]').dispatchEvent(new KeyboardEvent('keydown',"
                        + " {key: ' ', ctrlKey: true, bubbles: true, cancelable: true}))");
        browser.until("document.querySelectorAll('#ways [role=option]').length > 1");
        assertThat(browser.run("document.querySelector('#ways li').textContent"))
                .isEqualTo("id column of orders");
        key("ArrowDown");
        key("Enter");
        assertThat(browser.run("document.querySelector('textarea[data-sql]').value"))
                .isEqualTo("select amount from orders");
        assertThat(browser.run("document.getElementById('ways').hidden")).isEqualTo("true");
        browser.open(shop.address() + "/sql");
        type("select * from rep");
        browser.until("document.querySelectorAll('#ways [role=option]').length === 1");
        key("Tab");
        assertThat(browser.run("document.querySelector('textarea[data-sql]').value"))
                .endsWith(".report");
        assertThat(browser.errors).isEmpty();
    }

    @Test
    void rowsAreDrawnAndStatementsRemembered() throws Exception {
        browser.open(shop.address() + "/sql?q=select%20id,%20amount%20from%20orders&plan=chart");
        assertThat(browser.run("document.querySelectorAll('svg.chart').length")).isEqualTo("1");
        browser.open(
                shop.address()
                        + "/sql?q=select%20%27a%27%20as%20name,%201%20as%20n%20union%20all%20select%20%27b%27,%202&plan=chart");
        assertThat(browser.run("document.querySelectorAll('svg.chart rect.fill').length"))
                .isEqualTo("2");
        browser.open(shop.address() + "/sql");
        assertThat(browser.run("document.querySelectorAll('#asked li').length")).isEqualTo("2");
        browser.run("document.querySelector('#asked button').click()");
        browser.open(shop.address() + "/sql");
        assertThat(browser.run("document.getElementById('asked').hidden")).isEqualTo("true");
        assertThat(browser.errors).isEmpty();
    }

    @Test
    void aStatementIsCancelledWhileItRuns() throws Exception {
        browser.open(shop.address() + "/sql");
        // 10,000,000,000 pairs: more than anybody waits for.
        type(
                "select count(*) from (select unnest(range(100000)) as a) x,"
                        + " (select unnest(range(100000)) as b) y where a * b = 7");
        // While a page is on its way a browser cannot be asked anything, so that the page itself
        // presses the button; the statement may not have begun when it does so first.
        browser.run(
                "setInterval(() => { const b = document.getElementById('cancel'); if (!b.disabled) b.click(); }, 300)");
        browser.run("document.querySelector('textarea[data-sql]').form.requestSubmit()");
        browser.until(
                "document.readyState === 'complete' && document.querySelector('main').innerText.includes('INTERRUPTED')");
        assertThat(browser.run("location.search")).doesNotContain("ticket");
    }

    @Test
    void anErrorInAStatementIsMarkedWhereItIs() throws Exception {
        browser.open(shop.address() + "/sql?q=select%20nix");
        browser.until("document.activeElement.tagName === 'TEXTAREA'");
        assertThat(browser.run("document.activeElement.selectionStart")).isEqualTo("7");
    }
}
