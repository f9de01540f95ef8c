package dev.tarn.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.http.ApiServer.Reply;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.spi.OpenSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that are down, slow, troubled, picky or somewhere else. */
final class RestFaultsTest {
    private static final String LIST = "[{\"id\":1}]";

    private final Landed landed = new Landed();
    private final List<Duration> pauses = new ArrayList<>();
    private ApiServer api;

    @BeforeEach
    void begin() throws IOException {
        api = ApiServer.start();
        api.put("/orders", LIST);
    }

    @AfterEach
    void end() {
        api.close();
    }

    /** Time that goes by at once, and is written down. */
    private final class Noted extends Waiting {
        Noted(Clock clock) {
            super(clock);
        }

        @Override
        Instant now() {
            return Instant.parse("2026-11-21T12:00:00Z");
        }

        @Override
        void rest(Duration pause) {
            check();
            pauses.add(pause);
        }
    }

    private OpenSource open(String... settings) {
        Map<String, String> all =
                new HashMap<>(Map.of("url", api.url(), "path", "orders", "timeout", "5"));
        Map<String, String> secrets = new HashMap<>();
        for (String setting : settings) {
            String[] pair = setting.split("=", 2);
            if (pair[1].startsWith("env:")) {
                secrets.put(pair[1], pair[1].substring(4).toLowerCase(java.util.Locale.ROOT));
            }
            all.put(pair[0], pair[1]);
        }
        return new RestConnector(Noted::new).open(Landed.request(all, secrets, Path.of("")));
    }

    private int land(String... settings) {
        try (OpenSource source = open(settings)) {
            return landed.land(source);
        }
    }

    private static TarnException refusal(Runnable action) {
        try {
            action.run();
        } catch (TarnException e) {
            return e;
        }
        throw new AssertionError("It was not refused.");
    }

    private void assertRefused(ErrorCode code, String text, String... settings) {
        TarnException refusal = refusal(() -> land(settings));
        assertThat(refusal.getMessage())
                .isEqualTo(text.replace("URL", api.url()) + " [" + code + "]");
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(landed.rows).isEmpty();
        assertThat(landed.positions).isEmpty();
    }

    @Test
    void troubleIsTriedAgainWithLongerPauses() {
        api.first(Reply.of(503, ""), Reply.of(500, ""), Reply.of(429, ""));
        land();

        assertThat(landed.rows).hasSize(1);
        assertThat(pauses)
                .containsExactly(
                        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void aServerIsLeftAloneAsLongAsItWants() {
        api.first(
                Reply.of(429, "").with("Retry-After", "120"),
                Reply.of(503, "").with("Retry-After", "Sat, 21 Nov 2026 12:01:30 GMT"),
                Reply.of(403, "")
                        .with("X-RateLimit-Remaining", "0")
                        .with(
                                "X-RateLimit-Reset",
                                String.valueOf(
                                        Instant.parse("2026-11-21T12:00:07Z").getEpochSecond())));
        land();

        assertThat(pauses)
                .containsExactly(
                        Duration.ofSeconds(120), Duration.ofSeconds(90), Duration.ofSeconds(7));
    }

    @Test
    void aServerThatWantsTooMuchTimeIsGivenUp() {
        api.first(Reply.of(429, "").with("Retry-After", "3600"));

        assertRefused(
                ErrorCode.SOURCE_UNAVAILABLE,
                "URL/orders answers 429 and wants to be left alone for 3600 seconds, longer than 'longest_wait' (300 seconds). Nothing of this batch has landed; run again after that.");
    }

    @Test
    void troubleThatStaysIsSaid() {
        api.put("/orders", call -> Reply.of(502, "bad gateway"));

        assertRefused(
                ErrorCode.SOURCE_UNAVAILABLE,
                "URL/orders answers 502, 3 times. Nothing of this batch has landed; run again when it is well.",
                "retries=2");
        assertThat(api.calls()).hasSize(3);
    }

    @Test
    void aServerThatIsDownIsSaid() {
        api.close();

        assertRefused(
                ErrorCode.SOURCE_UNAVAILABLE,
                "URL/orders does not answer: nobody is there, 2 times. Nothing of this batch has landed; run again when it is there.",
                "retries=1");
    }

    @Test
    void anAnswerThatNeverComesIsNotAwaitedForEver() {
        api.silent(true);

        assertRefused(
                ErrorCode.SOURCE_UNAVAILABLE,
                "URL/orders does not answer: there was no whole answer within 1 seconds. Nothing of this batch has landed; run again when it is there.",
                "retries=0",
                "timeout=1");
    }

    @Test
    void anAnswerThatBreaksOffIsTriedAgain() {
        api.cut(true);
        TarnException refusal = refusal(() -> land("retries=1"));
        assertThat(refusal.code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
        assertThat(landed.rows).isEmpty();
        api.cut(false);
        land();

        assertThat(landed.rows).hasSize(1);
    }

    @Test
    void whoWaitsCanBeStopped() throws Exception {
        api.silent(true);
        try (OpenSource source = open("timeout=600")) {
            CompletableFuture<TarnException> refusal =
                    CompletableFuture.supplyAsync(() -> refusal(() -> landed.land(source)));
            while (api.calls().isEmpty()) {
                Thread.onSpinWait();
            }
            source.cancel();

            assertThat(refusal.get().code()).isEqualTo(ErrorCode.INTERRUPTED);
        }
    }

    @Test
    void accountsAreShownInTheWayThatIsSaid() {
        land("auth.type=basic", "auth.user=me", "auth.password=env:SECRET");
        land("auth.type=bearer", "auth.token=env:TOKEN");
        land("auth.type=header", "auth.key=env:KEY");
        land("auth.type=query", "auth.key=env:KEY2");

        assertThat(api.calls().get(0).headers())
                .containsEntry("authorization", "Basic bWU6c2VjcmV0");
        assertThat(api.calls().get(1).headers()).containsEntry("authorization", "Bearer token");
        assertThat(api.calls().get(2).headers()).containsEntry("x-api-key", "key");
        assertThat(api.asked().get(3)).isEqualTo("/orders?{api_key=key2}");
        assertThat(landed.rows).containsExactly("/orders|1|{\"id\":1}");
    }

    @Test
    void aRefusedAccountIsNotTriedAgainAndItsSecretIsNotTold() {
        api.put("/orders", call -> Reply.of(401, "wrong: " + call.headers().get("authorization")));
        assertRefused(
                ErrorCode.SOURCE_DENIED,
                "URL/orders does not accept the account of this source (401). Check 'auth' and what its secrets refer to.",
                "auth.type=bearer",
                "auth.token=env:TOPSECRET");
        assertThat(api.calls()).hasSize(1);

        api.put("/orders", call -> Reply.of(403, "no"));
        assertRefused(
                ErrorCode.SOURCE_DENIED,
                "URL/orders?who=…&api_key=… does not let the account of this source do this (403). Check its rights, and 'auth'."
                        .replace("who=…&api_key=…", "who=…"),
                "auth.type=query",
                "auth.key=env:TOPSECRET",
                "params.who=env:WHOAMI");

        api.put("/orders", call -> Reply.of(400, "no key " + call.query("who", "")));
        assertRefused(
                ErrorCode.SOURCE_UNREADABLE,
                "URL/orders?who=… answers 400: no key …. Check 'url', 'path' and 'params'.",
                "params.who=env:WHOAMI");
    }

    @Test
    void tokensAreFetchedOnceAndAnewWhenTheyAreRefused() {
        AtomicInteger tokens = new AtomicInteger();
        api.put(
                "/token",
                call -> {
                    assertThat(call.body())
                            .isEqualTo("grant_type=client_credentials&scope=read%20all");
                    assertThat(call.headers())
                            .containsEntry("authorization", "Basic dGFybjpzZWNyZXQ=");
                    return Reply.json(
                            "{\"access_token\":\"t%d\",\"expires_in\":3600}"
                                    .formatted(tokens.incrementAndGet()));
                });
        api.put(
                "/orders",
                call ->
                        "Bearer t1".equals(call.headers().get("authorization"))
                                        && call.query("page", "1").equals("2")
                                ? Reply.of(401, "expired")
                                : Reply.json(
                                        call.query("page", "1").equals("3")
                                                ? "[]"
                                                : "[{\"page\":" + call.query("page", "1") + "}]"));

        land(
                "paginate.by=page",
                "auth.type=oauth2",
                "auth.token_url=" + api.url() + "/token",
                "auth.client_id=tarn",
                "auth.client_secret=env:SECRET",
                "auth.scope=read all");

        assertThat(landed.rows).hasSize(2);
        assertThat(tokens).hasValue(2);
    }

    @Test
    void whoGivesNoTokenIsSaid() {
        api.put("/token", call -> Reply.of(400, "{\"error\":\"invalid_client\"}"));

        assertRefused(
                ErrorCode.SOURCE_DENIED,
                "URL/token gave no token: it answers 400 and invalid_client. Check 'auth.client_id' and what 'auth.client_secret' refers to.",
                "auth.type=oauth2",
                "auth.style=form",
                "auth.token_url=" + api.url() + "/token",
                "auth.client_id=tarn",
                "auth.client_secret=env:SECRET");
    }

    @Test
    void redirectsAreFollowedButTheAccountStaysWithItsServer() throws IOException {
        try (ApiServer other = ApiServer.start()) {
            other.put("/elsewhere", LIST);
            api.put("/new", LIST);
            api.put("/orders", call -> Reply.of(301, "").with("Location", "/new"));
            land("auth.type=bearer", "auth.token=env:TOKEN", "headers.X-Mine=env:MINE");
            assertThat(api.calls().get(1).headers())
                    .containsEntry("authorization", "Bearer token")
                    .containsEntry("x-mine", "mine");

            api.put(
                    "/orders",
                    call -> Reply.of(302, "").with("Location", other.url() + "/elsewhere"));
            land("auth.type=bearer", "auth.token=env:TOKEN", "headers.X-Mine=env:MINE");
            assertThat(other.calls().getFirst().headers())
                    .doesNotContainKeys("authorization", "x-mine");
            assertThat(landed.rows).hasSize(1);
        }
    }

    @Test
    void redirectsWithoutEndOrToOtherProtocolsAreNotFollowed() {
        api.put("/orders", call -> Reply.of(302, "").with("Location", "/orders"));
        assertRefused(
                ErrorCode.SOURCE_UNREADABLE,
                "URL/orders sends to another place, and that to another, 6 times. Check 'url'.");
        api.put("/orders", call -> Reply.of(302, "").with("Location", "file:///etc/passwd"));
        assertRefused(
                ErrorCode.SOURCE_UNREADABLE,
                "URL/orders sends to another place, which is not asked over HTTP. Check 'url'.");
    }

    @Test
    void requestsKeepTheirDistance() {
        api.put(
                "/orders",
                call ->
                        Reply.json(
                                call.query("page", "1").equals("3")
                                        ? "[]"
                                        : "[" + call.query("page", "") + "]"));
        land("paginate.by=page", "requests_per_second=0.5");

        assertThat(pauses).hasSize(2).allMatch(p -> p.compareTo(Duration.ofMillis(1500)) > 0);
    }

    @Test
    void everythingThatIsWrongInTheSettingsIsSaidTogether() {
        assertThatThrownBy(() ->
                        open(
                                "url=ftp://files.example.com",
                                "path=https://x/",
                                "method=put",
                                "body={}",
                                "headers.Host=me",
                                "delimiter=::",
                                "paginate.by=cursor",
                                "paginate.size=10",
                                "cursor=at",
                                "lag=PT5M",
                                "timeout=soon",
                                "max_response=big",
                                "requests_per_second=0",
                                "auth.type=bearer"))
                .hasMessage(
                        """
                        models/sources.yml:7:9: 'url' cannot be 'ftp://files.example.com': it is an address such as https://host/path. [CONFIG_INVALID]
                        models/sources.yml:7:9: 'method' cannot be 'put': it is one of get, post. [CONFIG_INVALID]
                        models/sources.yml:7:9: 'paginate.size_param' is missing: size and its parameter belong together. [CONFIG_INVALID]
                        models/sources.yml:7:9: 'headers' cannot be 'Host': it is the name of a header, and not one that says how it is sent. [CONFIG_INVALID]
                        models/sources.yml:7:9: 'delimiter' cannot be '::': it is one character. [CONFIG_INVALID]
                        models/sources.yml:7:9: 'paginate.cursor' is missing: it says where the answer has the text that asks for the next page. [CONFIG_INVALID]
                        models/sources.yml:7:9: 'cursor_param' is missing: it is the parameter that asks for records behind the cursor. [CONFIG_INVALID]
                        models/sources.yml:7:9: 'timeout' cannot be 'soon': it is a time such as 30 seconds. [CONFIG_INVALID]
                        models/sources.yml:7:9: 'max_response' cannot be 'big': it is a size such as 64MB. [CONFIG_INVALID]
                        models/sources.yml:7:9: 'requests_per_second' cannot be '0': it is a number above 0. [CONFIG_INVALID]
                        models/sources.yml:7:9: 'path' cannot be 'https://x/': it is what comes behind 'url'. [CONFIG_INVALID]
                        models/sources.yml:7:9: 'lag' does not go with 'write': records are read more than once, and appending would double them; name the 'key' of a record. [CONFIG_INVALID]
                        models/sources.yml:7:9: 'body' does not go with 'method': only 'post' sends one. [CONFIG_INVALID]
                        models/sources.yml:7:9: 'auth.token' is missing: bearer wants a token. [CONFIG_INVALID]\
                        """)
                .isInstanceOf(TarnException.class);
    }

    @Test
    void secretsAreNotSentForEverybodyToRead() {
        assertThatThrownBy(() ->
                        open(
                                "url=http://api.example.com",
                                "auth.type=bearer",
                                "auth.token=env:TOKEN"))
                .hasMessage(
                        "models/sources.yml:7:9: 'url' is http:// to another machine, which would send the secrets of this source for everybody to read. Use https://. [CONFIG_INVALID]");
        assertThatThrownBy(() -> open("url=https://me:secret@api.example.com"))
                .hasMessage(
                        "models/sources.yml:7:9: 'url' must not hold a user or a password. Give them as 'auth'. [CONFIG_INVALID]");
    }
}
