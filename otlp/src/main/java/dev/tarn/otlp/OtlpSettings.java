package dev.tarn.otlp;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where traces go and which, by the variables that OpenTelemetry gives names to.
 *
 * @param endpoint the whole address
 * @param headers may be secret
 * @param share of new traces that are told, from 0 to 1
 * @param heedsParent whether a trace that somebody else began is told if that one is
 * @param resource what sends them
 */
public record OtlpSettings(
        URI endpoint,
        Map<String, String> headers,
        Duration timeout,
        double share,
        boolean heedsParent,
        Map<String, String> resource) {
    private static final Logger log = LoggerFactory.getLogger(OtlpSettings.class);
    private static final String BASE = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private static final String TRACES = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

    public OtlpSettings {
        headers = Map.copyOf(headers);
        resource = Map.copyOf(resource);
    }

    /**
     * What an environment says; empty where it says no endpoint, switches traces off, or wants what
     * is not there. The latter is told in the log, as OpenTelemetry asks for.
     */
    public static Optional<OtlpSettings> of(Map<String, String> environment, String version) {
        Optional<String> address =
                said(environment, TRACES)
                        .or(() ->
                                said(environment, BASE)
                                        .map(b -> b.replaceAll("/+$", "") + "/v1/traces"));
        boolean off =
                said(environment, "OTEL_SDK_DISABLED").filter("true"::equalsIgnoreCase).isPresent()
                        || said(environment, "OTEL_TRACES_EXPORTER")
                                .filter(e -> !e.equals("otlp"))
                                .isPresent();
        if (address.isEmpty() || off) {
            return Optional.empty();
        }
        String protocol =
                said(environment, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")
                        .or(() -> said(environment, "OTEL_EXPORTER_OTLP_PROTOCOL"))
                        .orElse("http/protobuf");
        if (!protocol.equals("http/protobuf")) {
            return refused(
                    "OTEL_EXPORTER_OTLP_PROTOCOL is '%s': only http/protobuf is spoken"
                            .formatted(protocol));
        }
        URI endpoint;
        try {
            endpoint = URI.create(address.get());
        } catch (IllegalArgumentException e) {
            return refused("the endpoint is no address");
        }
        if (endpoint.getHost() == null
                || !List.of("http", "https").contains(endpoint.getScheme())) {
            return refused("the endpoint is no address of http or https");
        }
        String sampler = said(environment, "OTEL_TRACES_SAMPLER").orElse("parentbased_always_on");
        Optional<Double> share = share(sampler, said(environment, "OTEL_TRACES_SAMPLER_ARG"));
        if (share.isEmpty()) {
            return refused(
                    "OTEL_TRACES_SAMPLER is '%s', or its argument no number from 0 to 1"
                            .formatted(sampler));
        }
        Map<String, String> resource = new LinkedHashMap<>();
        resource.put("service.version", version);
        resource.put("telemetry.sdk.name", "tarn");
        resource.put("telemetry.sdk.language", "java");
        resource.put("service.name", "tarn");
        resource.putAll(pairs(said(environment, "OTEL_RESOURCE_ATTRIBUTES").orElse("")));
        said(environment, "OTEL_SERVICE_NAME").ifPresent(n -> resource.put("service.name", n));
        Map<String, String> headers =
                new LinkedHashMap<>(
                        pairs(said(environment, "OTEL_EXPORTER_OTLP_HEADERS").orElse("")));
        headers.putAll(pairs(said(environment, "OTEL_EXPORTER_OTLP_TRACES_HEADERS").orElse("")));
        return Optional.of(
                new OtlpSettings(
                        endpoint,
                        headers,
                        timeout(environment),
                        share.get(),
                        sampler.startsWith("parentbased_"),
                        resource));
    }

    private static Optional<OtlpSettings> refused(String why) {
        log.warn("No traces are sent: {}", why);
        return Optional.empty();
    }

    private static Optional<Double> share(String sampler, Optional<String> argument) {
        return switch (sampler.replaceFirst("^parentbased_", "")) {
            case "always_on" -> Optional.of(1.0);
            case "always_off" -> Optional.of(0.0);
            case "traceidratio" ->
                    argument.isEmpty()
                            ? Optional.of(1.0)
                            : argument.filter(a -> a.matches("0|1|[01]?\\.\\d{1,9}"))
                                    .map(Double::parseDouble)
                                    .filter(s -> s <= 1);
            default -> Optional.empty();
        };
    }

    private static Duration timeout(Map<String, String> environment) {
        return said(environment, "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT")
                .or(() -> said(environment, "OTEL_EXPORTER_OTLP_TIMEOUT"))
                .filter(t -> t.matches("\\d{1,7}"))
                .map(t -> Duration.ofMillis(Math.max(1, Long.parseLong(t))))
                .orElse(Duration.ofSeconds(10));
    }

    private static Optional<String> said(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .map(String::strip)
                .filter(t -> !t.isEmpty());
    }

    /** {@code a=b,c=d}, percent-encoded. */
    private static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            int at = pair.indexOf('=');
            if (at > 0) {
                String value = pair.substring(at + 1).strip();
                try {
                    value = URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
                } catch (IllegalArgumentException e) {
                    // Then it means itself.
                    value = pair.substring(at + 1).strip();
                }
                pairs.put(pair.substring(0, at).strip().toLowerCase(Locale.ROOT), value);
            }
        }
        return pairs;
    }

    /** Without the headers, and without what an address may hide. */
    @Override
    public String toString() {
        return "OtlpSettings[%s]".formatted(endpoint.getHost());
    }
}
