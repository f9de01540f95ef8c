package dev.tarn.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a server's {@code robots.txt} says to us: the rules for {@code tarn}, or else those for
 * everybody. The longest rule that fits a path decides; of two of a length the one that allows.
 */
record Robots(List<Rule> rules, Optional<Duration> pause) {
    private static final String US = "tarn";

    static final Robots NONE = new Robots(List.of(), Optional.empty());

    /** A rule for paths. */
    record Rule(boolean allows, String path) {
        boolean fits(String asked) {
            boolean whole = path.endsWith("$");
            String text = whole ? path.substring(0, path.length() - 1) : path;
            StringBuilder pattern = new StringBuilder();
            for (String part : text.split("\\*", -1)) {
                pattern.append(pattern.isEmpty() ? "" : ".*").append(Pattern.quote(part));
            }
            return Pattern.compile(pattern + (whole ? "" : ".*"), Pattern.DOTALL)
                    .matcher(asked)
                    .matches();
        }
    }

    static Robots parse(String text) {
        List<Rule> ours = new ArrayList<>();
        List<Rule> all = new ArrayList<>();
        boolean named = false;
        boolean forUs = false;
        boolean forAll = false;
        boolean inAgents = false;
        Optional<Duration> pause = Optional.empty();
        Optional<Duration> pauseOfAll = Optional.empty();
        for (String line : text.lines().toList()) {
            String[] pair = line.replaceFirst("#.*", "").split(":", 2);
            if (pair.length < 2) {
                continue;
            }
            String key = pair[0].strip().toLowerCase(Locale.ROOT);
            String value = pair[1].strip();
            if (key.equals("user-agent")) {
                forUs = (inAgents && forUs) || value.equalsIgnoreCase(US);
                forAll = (inAgents && forAll) || value.equals("*");
                named |= forUs;
                inAgents = true;
                continue;
            }
            inAgents = false;
            if ((key.equals("disallow") || key.equals("allow")) && !value.isEmpty()) {
                Rule rule = new Rule(key.equals("allow"), value);
                (forUs ? ours : forAll ? all : new ArrayList<Rule>()).add(rule);
            } else if (key.equals("crawl-delay") && value.matches("\\d{1,4}(\\.\\d+)?")) {
                Optional<Duration> given =
                        Optional.of(Duration.ofMillis((long) (Double.parseDouble(value) * 1000)));
                pause = forUs ? given : pause;
                pauseOfAll = forAll ? given : pauseOfAll;
            }
        }
        return named ? new Robots(ours, pause) : new Robots(all, pauseOfAll);
    }

    /** Whether a path with its query may be read. */
    boolean allows(String path) {
        Rule best = new Rule(true, "");
        for (Rule rule : rules) {
            boolean longer = rule.path().length() > best.path().length();
            boolean same = rule.path().length() == best.path().length();
            if (rule.fits(path) && (longer || (same && rule.allows()))) {
                best = rule;
            }
        }
        return best.allows();
    }
}
