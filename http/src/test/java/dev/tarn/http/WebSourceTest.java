package dev.tarn.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.http.ApiServer.Reply;
import dev.tarn.spi.OpenSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows of pages, found by selectors, from servers that may not want to be read. */
final class WebSourceTest {
    private static final String[] BOOKS = {
        "rows=li.book",
        "columns.title=b",
        "columns.link=a@href",
        "columns.id=@data-id",
        "next=a.next"
    };

    private final Landed landed = new Landed();
    private final List<Duration> pauses = new ArrayList<>();
    private ApiServer api;

    @BeforeEach
    void begin() throws IOException {
        api = ApiServer.start();
        api.put(
                "/books",
                call ->
                        call.query("page", "1").equals("1")
                                ? html(
                                        "<ul><li class=book data-id=1><b>One &amp; only</b><a href='/b/1'>x</a>"
                                                + "<li class=book data-id=2><i>none</i></ul><a class=next href='?page=2#top'>more</a>")
                                : html("<li class=book data-id=3><b>Three</b>"));
    }

    @AfterEach
    void end() {
        api.close();
    }

    private static Reply html(String body) {
        return Reply.of(200, body).with("Content-Type", "text/html; charset=utf-8");
    }

    private final class Noted extends Waiting {
        Noted(Clock clock) {
            super(clock);
        }

        @Override
        void rest(Duration pause) {
            pauses.add(pause);
        }
    }

    private void land(String... settings) {
        Map<String, String> all = new HashMap<>(Map.of("url", api.url() + "/books"));
        for (String setting : settings) {
            String[] pair = setting.split("=", 2);
            all.put(pair[0], pair[1]);
        }
        try (OpenSource source =
                new WebConnector(Noted::new).open(Landed.request(all, Map.of(), Path.of("")))) {
            landed.land(source);
        }
    }

    @Test
    void elementsBecomeRowsOverAllPages() {
        land(BOOKS);

        assertThat(landed.rows)
                .containsExactly(
                        "/books|1|{\"id\":\"1\",\"link\":\"%s/b/1\",\"title\":\"One & only\"}"
                                .formatted(api.url()),
                        "/books|2|{\"id\":\"2\",\"link\":null,\"title\":null}",
                        "/books?page=2|1|{\"id\":\"3\",\"link\":null,\"title\":\"Three\"}");
        assertThat(api.asked()).containsExactly("/robots.txt", "/books", "/books?{page=2}");
        assertThat(pauses).hasSize(2);
    }

    @Test
    void aPageThatProgramsMayNotReadIsNotRead() {
        api.put("/robots.txt", call -> Reply.of(200, "User-agent: *\nDisallow: /books?page="));

        assertThatThrownBy(() -> land(BOOKS))
                .hasMessage(
                        "%s/books?page=2 does not want programs to read this page (robots.txt). Tarn heeds that. [SOURCE_DENIED]"
                                .formatted(api.url()));
        assertThat(landed.rows).isEmpty();
    }

    @Test
    void theServersPauseIsKept() {
        api.put("/robots.txt", call -> Reply.of(200, "User-agent: Tarn\nCrawl-delay: 10"));
        land(BOOKS);

        assertThat(pauses).contains(Duration.ofSeconds(9));
    }

    @Test
    void rulesAreReadAsTheirStandardSays() {
        Robots robots =
                Robots.parse(
                        """
                        # for others
                        User-agent: other
                        Disallow: /

                        User-agent: *
                        User-agent: more
                        Disallow: /private
                        Allow: /private/open   # but
                        Disallow: /*.pdf$
                        Disallow:
                        """);

        assertThat(robots.allows("/")).isTrue();
        assertThat(robots.allows("/private/x")).isFalse();
        assertThat(robots.allows("/private/open/x")).isTrue();
        assertThat(robots.allows("/a/b.pdf")).isFalse();
        assertThat(robots.allows("/a/b.pdf?x")).isTrue();
        assertThat(
                        Robots.parse("User-agent: *\nDisallow: /\nUser-agent: tarn\nAllow: /")
                                .allows("/x"))
                .isTrue();
    }

    @Test
    void whatIsWrongWithSelectorsIsSaid() {
        assertThatThrownBy(() -> land("rows=li[", "mode=LOG"))
                .hasMessage(
                        """
                        models/sources.yml:7:9: 'columns' is missing: it says what of a page becomes columns. [CONFIG_INVALID]
                        models/sources.yml:7:9: 'rows' cannot be 'li[': it is a selector of CSS. [CONFIG_INVALID]
                        models/sources.yml:7:9: 'mode' cannot be 'log': it is snapshot, for pages are read as a whole. [CONFIG_INVALID]\
                        """);
    }

    @Test
    void anotherEncodingIsReadAsThePageSays() {
        api.put(
                "/books",
                call ->
                        new Reply(
                                200,
                                Map.of("Content-Type", "text/html"),
                                "<meta charset=iso-8859-1><p>Århus"
                                        .getBytes(StandardCharsets.ISO_8859_1)));
        land("columns.city=p");

        assertThat(landed.rows).containsExactly("/books|1|{\"city\":\"Århus\"}");
    }
}
