package dev.tarn.kafka;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
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
