package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.alert.AlertChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads how one channel hands messages over. */
final class AlertChannelReader {
    private static final List<String> WAYS = List.of("webhook", "slack", "pagerduty", "mail");
    private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "::1");

    private final JobText texts;
    private final Problems problems;

    AlertChannelReader(JobText texts, Problems problems) {
        this.texts = texts;
        this.problems = problems;
    }

    Optional<AlertChannel.Target> read(YamlSection channel) {
        channel.accept(List.of("name"));
        List<String> ways = WAYS.stream().filter(w -> channel.entry(w).isPresent()).toList();
        channel.refuseOthers();
        if (ways.size() != 1) {
            problems.add(AlertErrors.oneWay(channel.what(), channel.place(), WAYS));
            return Optional.empty();
        }
        Optional<YamlSection> section = channel.section(ways.getFirst());
        if (section.isEmpty()) {
            return Optional.empty();
        }
        YamlSection own = section.get();
        AlertChannel.Target target =
                switch (ways.getFirst()) {
                    case "webhook" -> webhook(own);
                    case "slack" -> new AlertChannel.Slack(secret(own, "url", true));
                    case "pagerduty" -> pagerDuty(own);
                    default -> mail(own);
                };
        own.refuseOthers();
        return Optional.of(target);
    }

    private AlertChannel.Webhook webhook(YamlSection section) {
        String url = section.required("url").orElse("");
        if (!url.isEmpty() && !isReference(url)) {
            address(section, "url", url);
        }
        Map<String, String> headers = section.textMap("headers");
        headers.forEach((name, value) -> {
            boolean secret =
                    name.equalsIgnoreCase("authorization") || name.equalsIgnoreCase("cookie");
            if (secret || !name.matches("[A-Za-z0-9-]{1,60}") || !value.matches("[ -~]*")) {
                problems.add(
                        AlertErrors.badHeader(
                                what(section, "headers"), JobText.place(section, "headers")));
            }
        });
        Optional<String> token =
                section.entry("token").isPresent()
                        ? Optional.of(secret(section, "token", false))
                        : Optional.empty();
        return new AlertChannel.Webhook(url, token, headers);
    }

    private AlertChannel.PagerDuty pagerDuty(YamlSection section) {
        String key = secret(section, "key", true);
        String url = section.text("url").orElse(AlertChannel.PagerDuty.URL);
        address(section, "url", url);
        return new AlertChannel.PagerDuty(key, url);
    }

    private AlertChannel.Mail mail(YamlSection section) {
        String host = section.required("host").orElse("");
        AlertChannel.Tls tls =
                texts.choice(section, "tls", AlertChannel.Tls.class, AlertChannel.Tls.STARTTLS);
        int standard =
                switch (tls) {
                    case STARTTLS -> 587;
                    case IMPLICIT -> 465;
                    case NONE -> 25;
                };
        List<String> from = section.required("from").map(List::of).orElse(List.of());
        List<String> to = section.texts("to");
        if (section.entry("to").isEmpty()) {
            problems.add(YamlErrors.missingKey(section.place(), section.what(), "to"));
        }
        List<String> all = new ArrayList<>(from);
        all.addAll(to);
        for (String mailbox : all) {
            if (!mailbox.matches("[^\\s<>@,;:\"()\\[\\]\\\\]{1,64}@[A-Za-z0-9.-]{1,250}")) {
                String key = to.contains(mailbox) ? "to" : "from";
                problems.add(
                        AlertErrors.notMailbox(
                                what(section, key), mailbox, JobText.place(section, key)));
            }
        }
        Optional<String> user = section.text("user");
        Optional<String> password =
                section.entry("password").isPresent()
                        ? Optional.of(secret(section, "password", false))
                        : Optional.empty();
        if (user.isPresent() != password.isPresent()) {
            problems.add(AlertErrors.loginHalf(section.what(), section.place()));
        }
        if (tls == AlertChannel.Tls.NONE) {
            Place place = JobText.place(section, "tls");
            if (user.isPresent()) {
                problems.add(AlertErrors.loginInTheOpen(section.what(), place));
            } else if (!HERE.contains(host)) {
                problems.add(AlertErrors.openElsewhere(section.what(), place));
            }
        }
        return new AlertChannel.Mail(
                host,
                texts.count(section, "port", 1, 65_535).orElse(standard),
                tls,
                from.isEmpty() ? "" : from.getFirst(),
                to,
                user,
                password,
                section.text("ca"));
    }

    private String secret(YamlSection section, String key, boolean required) {
        Optional<String> text = required ? section.required(key) : section.text(key);
        if (text.filter(t -> !isReference(t)).isPresent()) {
            problems.add(AlertErrors.notSecret(what(section, key), JobText.place(section, key)));
        }
        return text.orElse("");
    }

    private void address(YamlSection section, String key, String url) {
        if (!url.matches("https?://[^\\s/@]+(/\\S*)?")) {
            problems.add(AlertErrors.notAddress(what(section, key), JobText.place(section, key)));
        }
    }

    private static boolean isReference(String text) {
        return text.matches("(env|file):.+");
    }

    private static String what(YamlSection section, String key) {
        return JobText.what(section, key);
    }
}
