package dev.tarn.http;

import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.spi.Connector.Request;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who may push, and what.
 *
 * @param token what is to be shown
 * @param signature how bodies are signed
 * @param keyHeader where a request has its key, in lower case
 * @param keyPath where a body has it instead
 * @param keyNeeded whether requests without a key are refused
 * @param keepKeys how long keys are remembered
 * @param mostBytes the longest body
 * @param mostWaiting how many bytes may wait to land
 */
record PushSettings(
        Optional<String> token,
        Optional<Signature> signature,
        String keyHeader,
        Optional<JsonPath> keyPath,
        boolean keyNeeded,
        Duration keepKeys,
        JsonPath records,
        char delimiter,
        long mostBytes,
        long mostWaiting,
        Duration longestWait) {
    static final List<String> SECRETS = List.of("token", "secret");
    static final List<String> KNOWN =
            List.of(
                    "token",
                    "signature",
                    "signature_header",
                    "secret",
                    "key_header",
                    "key_path",
                    "key_required",
                    "keep_keys",
                    "records",
                    "delimiter",
                    "max_body",
                    "max_waiting",
                    "longest_wait");
    private static final int SHORTEST_TOKEN = 16;

    static PushSettings of(Request request) {
        SettingsReader settings = new SettingsReader(request);
        if (request.spec().write() == Write.SCD2) {
            settings.add(PushErrors.noHistory().problems().getFirst());
        }
        Optional<Signature.Kind> kind =
                settings.text("signature").isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                Signature.Kind.valueOf(
                                        settings.oneOf(
                                                        "signature",
                                                        "hmac_sha256",
                                                        List.of(
                                                                "github",
                                                                "stripe",
                                                                "slack",
                                                                "standard",
                                                                "hmac_sha256"))
                                                .toUpperCase(Locale.ROOT)));
        Optional<Signature> signature =
                kind.map(k ->
                        Signature.of(
                                k,
                                settings.text("signature_header").orElse(""),
                                settings.required("secret", "signatures are checked with it")));
        Optional<String> token = settings.text("token");
        if (token.filter(t -> t.length() < SHORTEST_TOKEN).isPresent()) {
            settings.add(
                    HttpErrors.setting(
                            settings.place(),
                            "token",
                            "…",
                            "a secret of at least %d characters".formatted(SHORTEST_TOKEN)));
        }
        PushSettings all =
                new PushSettings(
                        token,
                        signature,
                        settings.text("key_header")
                                .orElse(keyHeader(kind))
                                .toLowerCase(Locale.ROOT),
                        settings.text("key_path")
                                .or(() ->
                                        kind.filter(k -> k == Signature.Kind.STRIPE).map(k -> "id"))
                                .map(JsonPath::of),
                        settings.oneOf("key_required", "false", List.of("true", "false"))
                                .equals("true"),
                        settings.duration("keep_keys", Duration.ofDays(1)),
                        JsonPath.of(settings.text("records").orElse("")),
                        delimiter(settings),
                        settings.size("max_body", 32L << 20),
                        settings.size("max_waiting", 64L << 20),
                        settings.duration("longest_wait", Duration.ofSeconds(60)));
        settings.throwIfAny();
        return all;
    }

    private static String keyHeader(Optional<Signature.Kind> kind) {
        return kind.map(k ->
                        switch (k) {
                            case GITHUB -> "X-GitHub-Delivery";
                            case STANDARD -> "Webhook-Id";
                            case STRIPE, SLACK, HMAC_SHA256 -> "Idempotency-Key";
                        })
                .orElse("Idempotency-Key");
    }

    private static char delimiter(SettingsReader settings) {
        String text = settings.text("delimiter").orElse("");
        if (text.equals("tab")) {
            return '\t';
        }
        if (text.length() > 1) {
            settings.add(HttpErrors.setting(settings.place(), "delimiter", text, "one character"));
        }
        return text.isEmpty() ? 0 : text.charAt(0);
    }

    /** Whether requests say themselves who sends them. */
    boolean knowsWho() {
        return token.isPresent() || signature.isPresent();
    }

    @Override
    public String toString() {
        return "push";
    }
}
