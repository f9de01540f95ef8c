package dev.tarn.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;

/** What is behind the exceptions of Kafka's client. */
final class ClientFailures {
    private static final String ALERT = "Received fatal alert: ";
    private static final String PEM = "PEM";
    private static final String CHECK =
            " Check what 'tls_ca', 'tls_certificate', 'tls_key' and 'tls_key_password' refer to.";

    private ClientFailures() {}

    /** Whether the cluster refused our certificate, or that there was none. */
    static boolean isOfOurCertificate(Throwable failure) {
        return chain(failure)
                .flatMap(one -> Optional.ofNullable(one.getMessage()).stream())
                .filter(message -> message.contains(ALERT))
                .map(message -> message.substring(message.indexOf(ALERT) + ALERT.length()))
                .anyMatch(alert -> alert.contains("certificate") || alert.startsWith("unknown_ca"));
    }

    /** Why the client does not take its settings, as a sentence with what to look at. */
    static String ofSettings(Throwable failure) {
        List<String> reasons = new ArrayList<>();
        for (Throwable one : chain(failure).toList()) {
            String reason = Optional.ofNullable(one.getMessage()).orElse("").strip();
            if (!reason.isEmpty() && !isWrapping(reason)) {
                reasons.add(
                        reason.endsWith(".") ? reason.substring(0, reason.length() - 1) : reason);
            }
            if (!(one instanceof KafkaException)) {
                break;
            }
        }
        String all = reasons.isEmpty() ? failure.toString() : String.join(": ", reasons);
        return all + "." + (all.contains(PEM) ? CHECK : "");
    }

    private static boolean isWrapping(String message) {
        return message.startsWith("Failed to create new ")
                || message.startsWith("Failed to construct ");
    }

    private static Stream<Throwable> chain(Throwable failure) {
        return Stream.iterate(failure, one -> one != null, Throwable::getCause);
    }
}
