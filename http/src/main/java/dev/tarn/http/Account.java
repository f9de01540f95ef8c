package dev.tarn.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** As whom a source asks. Used by one thread at a time. */
sealed interface Account {
    /** A request that says who asks. */
    Asked shown(Asked asked, Caller caller) throws IOException;

    /** Gets something new to show; false if there is nothing to get. */
    default boolean renew() {
        return false;
    }

    /** Nobody in particular. */
    record Nobody() implements Account {
        @Override
        public Asked shown(Asked asked, Caller caller) {
            return asked;
        }
    }

    /** Somebody with a header, such as a bearer's token. */
    record ByHeader(String name, String value) implements Account {
        static ByHeader basic(String user, String password) {
            String pair = user + ":" + password;
            return new ByHeader(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public Asked shown(Asked asked, Caller caller) {
            return asked.account() ? withHeader(asked, name, value) : asked;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Somebody with a parameter. */
    record ByParameter(String name, String value) implements Account {
        @Override
        public Asked shown(Asked asked, Caller caller) {
            return asked.account()
                    ? asked.at(Addresses.with(asked.uri(), Map.of(name, value)))
                    : asked;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Asked withHeader(Asked asked, String name, String value) {
        Map<String, String> headers = new HashMap<>(asked.headers());
        headers.put(name, value);
        return new Asked(asked.method(), asked.uri(), headers, asked.body(), asked.account());
    }

    /** A program that another server gives tokens to. */
    final class ClientCredentials implements Account {
        private static final Duration EARLY = Duration.ofSeconds(30);
        private static final JsonPath TOKEN = JsonPath.of("/access_token");
        private static final JsonPath LASTS = JsonPath.of("/expires_in");
        private static final JsonPath ERROR = JsonPath.of("/error");

        private final URI server;
        private final Map<String, String> form;
        private final Optional<ByHeader> basic;
        private final Secrets secrets;
        private final Waiting waiting;
        private @Nullable String token;
        private Instant until = Instant.MIN;

        /**
         * @param form what is sent beside the kind of grant
         * @param basic the account of the program, unless it is in the form
         */
        ClientCredentials(
                URI server,
                Map<String, String> form,
                Optional<ByHeader> basic,
                Secrets secrets,
                Waiting waiting) {
            this.server = server;
            this.form = new TreeMap<>(form);
            this.form.put("grant_type", "client_credentials");
            this.basic = basic;
            this.secrets = secrets;
            this.waiting = waiting;
        }

        @Override
        public boolean renew() {
            token = null;
            return true;
        }

        @Override
        public Asked shown(Asked asked, Caller caller) throws IOException {
            if (!asked.account()) {
                return asked;
            }
            String now = token;
            if (now == null || !waiting.now().isBefore(until)) {
                now = fetched(caller);
                token = now;
            }
            return withHeader(asked, "Authorization", "Bearer " + now);
        }

        private String fetched(Caller caller) throws IOException {
            Map<String, String> headers = new HashMap<>();
            headers.put("Content-Type", "application/x-www-form-urlencoded");
            headers.put("Accept", "application/json");
            basic.ifPresent(b -> headers.put(b.name(), b.value()));
            Answer answer =
                    caller.exchange(
                            new Asked(
                                    "POST",
                                    server,
                                    headers,
                                    Optional.of(Quoted.form(form).getBytes(StandardCharsets.UTF_8)),
                                    false));
            if (answer.status() >= 500 || answer.status() == 429) {
                throw new IOException(
                        "%s answers %d".formatted(caller.shown(server), answer.status()));
            }
            Map<JsonPath, String> said;
            try {
                said =
                        JsonPage.read(answer.utf8(), JsonPath.NOWHERE, List.of(TOKEN, LASTS, ERROR))
                                .values();
            } catch (JsonProcessingException e) {
                throw HttpErrors.noToken(
                        caller.shown(server),
                        "it answers %d, and no JSON".formatted(answer.status()));
            }
            String fresh = said.get(TOKEN);
            if (!answer.isGood() || fresh == null) {
                String error = said.get(ERROR);
                throw HttpErrors.noToken(
                        caller.shown(server),
                        "it answers %d%s"
                                .formatted(
                                        answer.status(),
                                        error == null ? "" : " and " + secrets.hide(error)));
            }
            secrets.add(fresh);
            String lasts = said.getOrDefault(LASTS, "");
            until =
                    lasts.matches("\\d{1,9}")
                            ? waiting.now().plusSeconds(Long.parseLong(lasts)).minus(EARLY)
                            : Instant.MAX;
            return fresh;
        }

        @Override
        public String toString() {
            return "client credentials";
        }
    }
}
