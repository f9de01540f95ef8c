package dev.tarn.kafka;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.util.List;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What is said about topics, clusters and registries. No text has a secret in it. */
final class KafkaErrors {
    private KafkaErrors() {}

    static TarnException settings(List<String> problems) {
        return new TarnException(
                problems.stream().map(p -> Problem.of(ErrorCode.CONFIG_INVALID, p)).toList());
    }

    static TarnException noPosition(String name, String value) {
        return new TarnException(
                ErrorCode.CATALOG_CORRUPT,
                "The position of '%s' is no position in a topic: %s. Reset the stream to read it again."
                        .formatted(name, value));
    }

    static TarnException noTopics(KafkaOptions options) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                options.pattern()
                        .map(p ->
                                "The cluster at %s has no topic whose name is like '%s', or none that this account may read."
                                        .formatted(options.bootstrap(), p))
                        .orElseGet(() ->
                                "The cluster at %s has no topic '%s', or none that this account may read."
                                        .formatted(
                                                options.bootstrap(),
                                                String.join("', '", options.topics()))));
    }

    /** What the client says, in our words. */
    static TarnException client(KafkaOptions options, Throwable failure) {
        String protocol = options.client().getOrDefault("security.protocol", "PLAINTEXT");
        if (failure instanceof SslAuthenticationException
                && ClientFailures.isOfOurCertificate(failure)) {
            return new TarnException(
                    ErrorCode.SOURCE_DENIED,
                    "The cluster at %s did not accept the certificate of this source (%s), or wants one. Check what 'tls_certificate' and 'tls_key' refer to."
                            .formatted(options.bootstrap(), protocol),
                    failure);
        }
        if (failure instanceof SslAuthenticationException) {
            return new TarnException(
                    ErrorCode.SOURCE_DENIED,
                    "The TLS handshake with %s failed (%s). Check 'tls_ca', and that the certificate names the host."
                            .formatted(options.bootstrap(), protocol),
                    failure);
        }
        if (failure instanceof AuthenticationException) {
            return new TarnException(
                    ErrorCode.SOURCE_DENIED,
                    "The cluster at %s did not accept the account of this source (%s, %s). Check 'sasl_username' and what 'sasl_password' refers to."
                            .formatted(
                                    options.bootstrap(),
                                    protocol,
                                    options.client()
                                            .getOrDefault("sasl.mechanism", "no mechanism")),
                    failure);
        }
        if (failure instanceof AuthorizationException) {
            return new TarnException(
                    ErrorCode.SOURCE_DENIED,
                    "The account of this source may not do what it needs at %s: %s It needs DESCRIBE and READ on the topics."
                            .formatted(options.bootstrap(), sentence(failure)),
                    failure);
        }
        if (failure instanceof UnknownTopicOrPartitionException) {
            return noTopics(options);
        }
        return new TarnException(
                ErrorCode.SOURCE_UNAVAILABLE,
                "The cluster at %s does not answer (%s): %s Nothing of this batch has landed; run again when it is there."
                        .formatted(options.bootstrap(), protocol, sentence(failure)),
                failure);
    }

    /** The client does not take its settings, or cannot find a name. */
    static TarnException refused(KafkaOptions options, Throwable failure) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "The settings of Kafka's client at %s cannot be used: %s"
                        .formatted(options.bootstrap(), ClientFailures.ofSettings(failure)));
    }

    static TarnException interrupted() {
        return new TarnException(ErrorCode.INTERRUPTED, "Reading from Kafka was stopped.");
    }

    /** A partition whose next message is not there any more. */
    static TarnException lost(List<LostMessages> lost) {
        return new TarnException(
                lost.stream()
                        .map(l ->
                                Problem.of(
                                        ErrorCode.SOURCE_GONE,
                                        l.text()
                                                + " Nothing has landed. To go on with what is there, set 'on_lost: continue', or reset the stream to read the topic again from its beginning."))
                        .toList());
    }

    static TarnException registry(String url, String reason) {
        return new TarnException(
                ErrorCode.SOURCE_UNAVAILABLE,
                "The schema registry at %s does not answer: %s. Nothing of this batch has landed; run again when it is there."
                        .formatted(url, reason));
    }

    static TarnException registryDenied(String url, int status) {
        return new TarnException(
                ErrorCode.SOURCE_DENIED,
                "The schema registry at %s refused the account of this source (%d). Check 'schema_registry_user' and what 'schema_registry_password' refers to."
                        .formatted(url, status));
    }

    static TarnException noAuthority(String file) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "There are no certificates in PEM in %s, which 'schema_registry_ca' names."
                        .formatted(file));
    }

    static String groupNotTold(String group, TarnException failure) {
        boolean taken = failure.getCause() instanceof UnknownMemberIdException;
        return "the group '%s' was not told how far reading is: %s"
                .formatted(
                        group,
                        taken
                                ? "others read as its members. Give 'group' a name that nobody reads with"
                                : String.valueOf(failure.getMessage()));
    }

    private static String sentence(Throwable failure) {
        String message = failure.getMessage();
        String text = message == null ? failure.getClass().getSimpleName() : message.strip();
        return text.endsWith(".") ? text : text + ".";
    }
}
