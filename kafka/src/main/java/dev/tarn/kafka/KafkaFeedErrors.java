package dev.tarn.kafka;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.util.List;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.jspecify.annotations.Nullable;

/** What is said about topics that are told of changes. */
final class KafkaFeedErrors {
    private KafkaFeedErrors() {}

    static TarnException noTopic(FeedOptions options) {
        return new TarnException(
                ErrorCode.DELIVERY_REFUSED,
                "The cluster at %s has no topic '%s', or none that this account may write to. Create it first."
                        .formatted(options.bootstrap(), options.topic()));
    }

    static TarnException settings(FeedOptions options, Throwable failure) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "The settings of Kafka's client at %s cannot be used: %s"
                        .formatted(options.bootstrap(), ClientFailures.ofSettings(failure)));
    }

    static TarnException interrupted() {
        return new TarnException(ErrorCode.INTERRUPTED, "Telling Kafka was stopped.");
    }

    static TarnException registry(FeedOptions options, String reason) {
        return new TarnException(
                ErrorCode.DELIVERY_FAILED,
                "The schema registry at %s does not answer: %s. Nothing of this step was told; run again when it is there."
                        .formatted(url(options), reason));
    }

    static TarnException noRegistry(FeedOptions options) {
        return new TarnException(
                ErrorCode.DELIVERY_REFUSED,
                "At %s is no schema registry (404). Check 'schema_registry' of feed '%s'."
                        .formatted(url(options), options.feed().name()));
    }

    static TarnException registryDenied(FeedOptions options, String subject, int status) {
        return new TarnException(
                ErrorCode.DELIVERY_REFUSED,
                "The schema registry at %s refused the account of feed '%s' (%d), which has to write to the subject '%s'. Check 'schema_registry_user' and what 'schema_registry_password' refers to."
                        .formatted(url(options), options.feed().name(), status, subject));
    }

    static TarnException schemaRefused(FeedOptions options, String subject, String reason) {
        return new TarnException(
                ErrorCode.DELIVERY_REFUSED,
                "The schema registry at %s refused the columns of %s for the subject '%s': %s"
                        .formatted(url(options), options.feed().table(), subject, reason));
    }

    /**
     * @param differences from the last version; empty when they are not known
     */
    static TarnException incompatible(
            FeedOptions options, String subject, List<String> differences) {
        return new TarnException(
                ErrorCode.DELIVERY_REFUSED,
                "The schema registry at %s takes the columns of %s for no compatible version of the subject '%s'%s. Nothing of this step was told, and nothing is lost. Change the columns back; or, when everyone who reads the topic can go on, set the compatibility of the subject to NONE, run again, and set it back; or tell a feed of another name to another topic."
                        .formatted(
                                url(options),
                                options.feed().table(),
                                subject,
                                differences.isEmpty() ? "" : ": " + shown(differences)));
    }

    private static String shown(List<String> differences) {
        String some = String.join("; ", differences.subList(0, Math.min(5, differences.size())));
        return differences.size() > 5
                ? some + "; and %d more".formatted(differences.size() - 5)
                : some;
    }

    private static String url(FeedOptions options) {
        return options.registry().map(KafkaOptions.Registry::url).orElse("");
    }

    static TarnException sameName(FeedOptions options, String one, String other, String name) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "Columns '%s' and '%s' of %s would both be '%s' in Avro, whose names have letters, digits and underscores only. Rename one of them, or let feed '%s' write 'value_format: json'."
                        .formatted(
                                one, other, options.feed().table(), name, options.feed().name()));
    }

    static TarnException unwritable(FeedOptions options, AvroWriter.Unwritable failure) {
        return new TarnException(
                ErrorCode.DELIVERY_REFUSED,
                "Column '%s' of %s has the value %s, for which its type in Avro has no place. Correct it, or let feed '%s' write 'value_format: json'."
                        .formatted(
                                failure.column(),
                                options.feed().table(),
                                failure.getMessage(),
                                options.feed().name()),
                failure);
    }

    /** What the client says, in our words. */
    static TarnException client(FeedOptions options, Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof ProducerFencedException
                || cause instanceof InvalidProducerEpochException) {
            return new TarnException(
                    ErrorCode.DELIVERY_REFUSED,
                    "Another process has begun to tell feed '%s' at %s; this one stops. Nothing was told twice."
                            .formatted(options.feed().name(), options.bootstrap()),
                    failure);
        }
        if (cause instanceof RecordTooLargeException) {
            return new TarnException(
                    ErrorCode.DELIVERY_REFUSED,
                    "A row of %s is larger than a message to '%s' may be: %s Allow more by 'client: {max.request.size: …}', and 'max.message.bytes' of the topic."
                            .formatted(options.feed().table(), options.topic(), sentence(cause)),
                    failure);
        }
        if (cause instanceof SslAuthenticationException
                && ClientFailures.isOfOurCertificate(cause)) {
            return new TarnException(
                    ErrorCode.DELIVERY_REFUSED,
                    "The cluster at %s did not accept the certificate of feed '%s' (%s), or wants one. Check what 'tls_certificate' and 'tls_key' refer to."
                            .formatted(
                                    options.bootstrap(), options.feed().name(), options.protocol()),
                    failure);
        }
        if (cause instanceof SslAuthenticationException) {
            return new TarnException(
                    ErrorCode.DELIVERY_REFUSED,
                    "The TLS handshake with %s failed (%s). Check 'tls_ca', and that the certificate names the host."
                            .formatted(options.bootstrap(), options.protocol()),
                    failure);
        }
        if (cause instanceof AuthenticationException) {
            return new TarnException(
                    ErrorCode.DELIVERY_REFUSED,
                    "The cluster at %s did not accept the account of feed '%s' (%s, %s). Check 'sasl_username' and what 'sasl_password' refers to."
                            .formatted(
                                    options.bootstrap(),
                                    options.feed().name(),
                                    options.protocol(),
                                    options.client()
                                            .getOrDefault("sasl.mechanism", "no mechanism")),
                    failure);
        }
        if (cause instanceof AuthorizationException) {
            return new TarnException(
                    ErrorCode.DELIVERY_REFUSED,
                    "The account of feed '%s' may not do what it needs at %s: %s It needs WRITE on '%s', READ and WRITE on '%s', and WRITE on the transactional id '%s'."
                            .formatted(
                                    options.feed().name(),
                                    options.bootstrap(),
                                    sentence(cause),
                                    options.topic(),
                                    options.positions(),
                                    KafkaFeed.transactions(options)),
                    failure);
        }
        return new TarnException(
                ErrorCode.DELIVERY_FAILED,
                "The cluster at %s does not answer (%s): %s The position in '%s' says what has been told; run again when it is there."
                        .formatted(
                                options.bootstrap(),
                                options.protocol(),
                                sentence(cause),
                                options.positions()),
                failure);
    }

    /** What lies below what the client wraps around it. */
    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        for (Throwable below = cause; below != null; below = below.getCause()) {
            if (below instanceof org.apache.kafka.common.errors.ApiException) {
                return below;
            }
            cause = below;
        }
        return cause;
    }

    private static String sentence(Throwable failure) {
        @Nullable String message = failure.getMessage();
        String text = message == null ? failure.getClass().getSimpleName() : message.strip();
        return text.endsWith(".") ? text : text + ".";
    }
}
