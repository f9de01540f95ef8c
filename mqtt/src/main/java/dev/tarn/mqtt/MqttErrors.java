package dev.tarn.mqtt;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.time.Duration;
import java.time.Instant;

/** What is said about brokers and their messages. No text has a secret in it. */
final class MqttErrors {
    private static final String NOTHING =
            " Nothing of this batch has landed, and the broker keeps its messages.";

    private MqttErrors() {}

    static Problem setting(Place place, String name, String found, String wanted) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                found.isEmpty()
                        ? "'%s' has to be %s.".formatted(name, wanted)
                        : "'%s' cannot be '%s': it has to be %s.".formatted(name, found, wanted));
    }

    static Problem secretInUrl(Place place) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "'url' must hold neither user nor password. Use 'user' and 'password: env:NAME'.");
    }

    static TarnException noPosition(String value) {
        return new TarnException(
                ErrorCode.CATALOG_CORRUPT,
                "The position of a session is none: '%s'. Reset the stream to begin a new one."
                        .formatted(value));
    }

    static TarnException away(String broker, String reason) {
        return new TarnException(
                ErrorCode.SOURCE_UNAVAILABLE,
                "The broker at %s does not answer: %s.%s Run again when it is there."
                        .formatted(broker, reason, NOTHING));
    }

    static TarnException silent(String broker, Duration timeout) {
        return away(broker, "it said nothing for %d seconds".formatted(timeout.toSeconds()));
    }

    static TarnException tls(String broker, String reason) {
        return new TarnException(
                ErrorCode.SOURCE_DENIED,
                "The TLS handshake with %s failed: %s. Check 'tls_ca', and that the certificate names the host."
                        .formatted(broker, reason));
    }

    static TarnException noCertificates(String name) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "What '%s' names cannot be read as PEM: certificates as they are, a key in the form of PKCS #8 without a password."
                        .formatted(name));
    }

    /** The broker does not take us. */
    static TarnException refused(MqttSettings settings, String client, int code, String reason) {
        String broker = settings.broker();
        String said = reason.isEmpty() ? "" : " It said: " + reason + ".";
        return switch (settings.five() ? code : code + 1000) {
            case 0x84, 0x01, 1001 ->
                    new TarnException(
                            ErrorCode.CONFIG_INVALID,
                            "The broker at %s does not speak version %s of MQTT. Set 'protocol: %s'.%s"
                                    .formatted(
                                            broker,
                                            settings.five() ? "5" : "3.1.1",
                                            settings.five() ? "3.1.1" : "5",
                                            said));
            case 0x85, 1002 ->
                    new TarnException(
                            ErrorCode.CONFIG_INVALID,
                            "The broker at %s does not take the client id '%s'. Set another 'client_id'.%s"
                                    .formatted(broker, client, said));
            case 0x86, 0x87, 0x8a, 0x8c, 1004, 1005 ->
                    new TarnException(
                            ErrorCode.SOURCE_DENIED,
                            "The broker at %s did not accept the account of this source. Check 'user' and what 'password' refers to.%s"
                                    .formatted(broker, said));
            default -> away(broker, "it refused the connection with %d".formatted(code) + said);
        };
    }

    static TarnException filter(String broker, String filter, int code, boolean five) {
        boolean denied = code == 0x87 || !five;
        return new TarnException(
                denied ? ErrorCode.SOURCE_DENIED : ErrorCode.SOURCE_UNREADABLE,
                "The broker at %s does not let this source read '%s' (%d). Check 'topic', and what the account may do."
                        .formatted(broker, filter, code));
    }

    static TarnException goodbye(String broker, String client, int code, String reason) {
        if (code == 0x8e) {
            return new TarnException(
                    ErrorCode.SOURCE_UNAVAILABLE,
                    "Somebody else took over the session '%s' at %s.%s Only one program can read it at a time; two sources need a 'client_id' of their own each."
                            .formatted(client, broker, NOTHING));
        }
        return away(
                broker,
                "it ended the connection with %d".formatted(code)
                        + (reason.isEmpty() ? "" : " (" + reason + ")"));
    }

    static TarnException interrupted(String broker) {
        return new TarnException(
                ErrorCode.INTERRUPTED, "Reading from %s was stopped.".formatted(broker));
    }

    static String lost(String broker, String client, Instant since) {
        return "The broker at %s no longer has the session '%s': messages that came after %s, when reading stood last, are lost unless they are retained."
                .formatted(broker, client, since);
    }

    static TarnException gone(String lost) {
        return new TarnException(
                ErrorCode.SOURCE_GONE,
                lost
                        + " Nothing has landed. To go on with what comes, set 'on_lost: continue'. A longer 'keep_session' keeps it from happening again, where the broker agrees.");
    }

    static String shorter(String broker, Duration wanted, long seconds) {
        return "the broker at %s keeps the session for %d seconds only, and not for %d"
                .formatted(broker, seconds, wanted.toSeconds());
    }

    static String lower(String filter, int quality) {
        return "the broker gives '%s' with quality %d at most".formatted(filter, quality);
    }
}
