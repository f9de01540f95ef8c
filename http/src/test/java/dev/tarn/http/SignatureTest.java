package dev.tarn.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Signatures as those who send webhooks describe them, with the values of their examples. */
final class SignatureTest {
    private static String check(
            Signature signature, Map<String, String> headers, String body, long at) {
        try {
            signature.check(
                    headers,
                    body.getBytes(StandardCharsets.UTF_8),
                    Clock.fixed(Instant.ofEpochSecond(at), ZoneOffset.UTC));
            return "good";
        } catch (PushErrors.Refused e) {
            return e.reason();
        }
    }

    @Test
    void githubSignsTheBody() {
        Signature signature = Signature.of(Signature.Kind.GITHUB, "", "It's a Secret to Everybody");
        Map<String, String> headers =
                Map.of(
                        "x-hub-signature-256",
                        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");

        assertThat(check(signature, headers, "Hello, World!", 0)).isEqualTo("good");
        assertThat(check(signature, headers, "Hello, World?", 0))
                .isEqualTo(
                        "The signature is not right: it is not the body's, or the secret is another one.");
    }

    @Test
    void slackSignsTheTimeToo() {
        Signature signature =
                Signature.of(Signature.Kind.SLACK, "", "8f742231b10e8888abcd99yyyzzz85a5");
        String body =
                "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
                        + "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA"
                        + "&user_name=roadrunner&command=%2Fwebhook-collect&text="
                        + "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J"
                        + "%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
                        + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
        Map<String, String> headers =
                Map.of(
                        "x-slack-request-timestamp",
                        "1531420618",
                        "x-slack-signature",
                        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");

        assertThat(check(signature, headers, body, 1531420620)).isEqualTo("good");
        assertThat(check(signature, headers, body, 1531421000))
                .isEqualTo(
                        "The signature is not right: it was made 382 seconds from now, and 300 are allowed.");
    }

    @Test
    void standardWebhooksSignTheirIdToo() {
        Signature signature =
                Signature.of(Signature.Kind.STANDARD, "", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        Map<String, String> headers =
                Map.of(
                        "webhook-id",
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        "webhook-timestamp",
                        "1614265330",
                        "webhook-signature",
                        "v2,other v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

        assertThat(check(signature, headers, "{\"test\": 2432232314}", 1614265330))
                .isEqualTo("good");
        assertThat(check(signature, Map.of("webhook-signature", "v1,x"), "{}", 0))
                .isEqualTo("The signature is not right: it does not say when it was made.");
    }

    @Test
    void othersAreInHexadecimalOrBase64() {
        Signature signature = Signature.of(Signature.Kind.HMAC_SHA256, "X-Mine", "key");
        String body = "The quick brown fox jumps over the lazy dog";

        assertThat(
                        check(
                                signature,
                                Map.of(
                                        "x-mine",
                                        "F7BC83F430538424B13298E6AA6FB143EF4D59A14946175997479DBC2D1A3CD8"),
                                body,
                                0))
                .isEqualTo("good");
        assertThat(
                        check(
                                signature,
                                Map.of("x-mine", "97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg="),
                                body,
                                0))
                .isEqualTo("good");
    }
}
