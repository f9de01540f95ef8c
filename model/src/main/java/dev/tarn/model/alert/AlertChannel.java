package dev.tarn.model.alert;

import dev.tarn.model.Place;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A way to reach somebody. Secrets in it are references, {@code env:NAME} or {@code file:PATH}. */
public record AlertChannel(String name, Place place, Target target) {
    /** How messages are handed over. */
    public sealed interface Target {
        /** The key in the file. */
        String word();
    }

    /**
     * CloudEvents over HTTP.
     *
     * @param url an address, or a reference to one
     * @param token a reference to what is sent as {@code Authorization: Bearer …}
     */
    public record Webhook(String url, Optional<String> token, Map<String, String> headers)
            implements Target {
        public Webhook {
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        }

        @Override
        public String word() {
            return "webhook";
        }
    }

    /**
     * Slack, and what takes the same messages.
     *
     * @param url a reference: who knows the address can post
     */
    public record Slack(String url) implements Target {
        @Override
        public String word() {
            return "slack";
        }
    }

    /**
     * PagerDuty's Events API v2, and what takes the same.
     *
     * @param key a reference to the routing key
     * @param url where events go
     */
    public record PagerDuty(String key, String url) implements Target {
        public static final String URL = "https://events.pagerduty.com/v2/enqueue";

        @Override
        public String word() {
            return "pagerduty";
        }
    }

    /**
     * E-mail by SMTP.
     *
     * @param user who logs in, if that is needed
     * @param password a reference
     * @param ca a file with certificates to trust instead of the usual ones
     */
    public record Mail(
            String host,
            int port,
            Tls tls,
            String from,
            List<String> to,
            Optional<String> user,
            Optional<String> password,
            Optional<String> ca)
            implements Target {
        public Mail {
            to = List.copyOf(to);
        }

        @Override
        public String word() {
            return "mail";
        }
    }

    /** How a connection is made private. */
    public enum Tls {
        /** Begun plainly, then switched over; refused where the server cannot. */
        STARTTLS,
        /** From the first byte. */
        IMPLICIT,
        /** Not at all. */
        NONE
    }
}
