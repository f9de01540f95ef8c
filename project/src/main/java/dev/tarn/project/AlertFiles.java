package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.alert.AlertBook;
import dev.tarn.model.alert.AlertChannel;
import dev.tarn.model.alert.AlertKind;
import dev.tarn.model.alert.AlertRoute;
import dev.tarn.model.alert.AlertRule;
import dev.tarn.model.alert.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what a project says about alerts: {@code alerts.yml}. */
public final class AlertFiles {
    /** Beside {@code dbt_project.yml}. */
    public static final String FILE = "alerts.yml";

    private static final int COUNT_MAX = 1_000_000_000;

    private final Problems problems;
    private final JobText texts;

    private AlertFiles(String text, Problems problems) {
        this.problems = problems;
        this.texts = new JobText(text, problems);
    }

    /**
     * What the file says.
     *
     * @param problems everything that is wrong; the book is of no use then
     */
    public record Reading(AlertBook book, List<Problem> problems) {}

    /** A file that is not there says nothing. */
    public static Reading read(Path project) {
        Path path = project.resolve(FILE);
        if (!Files.exists(path)) {
            return new Reading(AlertBook.EMPTY, List.of());
        }
        try {
            return read(Files.readString(path));
        } catch (IOException e) {
            throw new TarnException(
                    Problem.at(
                            ErrorCode.CONFIG_INVALID,
                            Place.of(FILE),
                            "It cannot be read as text: " + e.getMessage() + "."),
                    e);
        }
    }

    static Reading read(String text) {
        Problems problems = new Problems();
        AlertBook book =
                YamlReader.readMapping(FILE, text, problems)
                        .map(m ->
                                new AlertFiles(text, problems)
                                        .book(new YamlSection("The file", m, problems)))
                        .orElse(AlertBook.EMPTY);
        return new Reading(book, problems.sorted());
    }

    private AlertBook book(YamlSection root) {
        Optional<String> link = root.text("link").map(l -> l.replaceAll("/+$", ""));
        if (link.filter(l -> !l.matches("https?://\\S+")).isPresent()) {
            problems.add(AlertErrors.badLink(JobText.place(root, "link")));
        }
        Map<String, AlertChannel> channels = channels(root);
        List<AlertRule> rules = new ArrayList<>();
        root.sections("rules", "A rule").forEach(s -> rule(s).ifPresent(rules::add));
        List<AlertRoute> routes = new ArrayList<>();
        root.sections("routes", "A route").forEach(s -> routes.add(route(s, channels)));
        root.refuseOthers();
        if (!rules.isEmpty() && routes.isEmpty() && problems.isEmpty()) {
            problems.add(AlertErrors.noRoutes(JobText.place(root, "rules")));
        }
        return new AlertBook(link, rules, routes, channels);
    }

    private Map<String, AlertChannel> channels(YamlSection root) {
        Map<String, AlertChannel> channels = new LinkedHashMap<>();
        Map<String, Place> places = new HashMap<>();
        for (YamlSection section : root.sections("channels", "A channel")) {
            Optional<String> name = section.required("name");
            if (name.isEmpty()) {
                continue;
            }
            Place place = JobText.place(section, "name");
            if (!name.get().matches("[A-Za-z0-9_-]{1,60}")) {
                problems.add(AlertErrors.badName(name.get(), place));
            }
            Place first = places.putIfAbsent(name.get(), place);
            if (first != null) {
                problems.add(AlertErrors.channelTwice(name.get(), place, first));
            }
            new AlertChannelReader(texts, problems)
                    .read(section.named("Channel '" + name.get() + "'"))
                    .ifPresent(target ->
                            channels.put(name.get(), new AlertChannel(name.get(), place, target)));
        }
        return channels;
    }

    private Optional<AlertRule> rule(YamlSection section) {
        Optional<String> on = section.required("on");
        if (on.isEmpty()) {
            return Optional.empty();
        }
        Place place = JobText.place(section, "on");
        Optional<AlertKind> found = AlertKind.of(on.get());
        if (found.isEmpty()) {
            problems.add(YamlErrors.notOneOf(place, "A rule: 'on'", on.get(), AlertKind.words()));
            return Optional.empty();
        }
        AlertKind kind = found.get();
        Optional<Duration> age = texts.time(section, "older_than", Duration.ofSeconds(1));
        boolean aged = kind == AlertKind.TABLE_STALE || kind == AlertKind.SOURCE_STALE;
        if (aged && section.entry("older_than").isEmpty()) {
            problems.add(AlertErrors.needsAge(kind.word(), place));
        }
        refuse(section, "older_than", kind, aged || kind == AlertKind.SOURCE_BEHIND);
        refuse(section, "times", kind, kind == AlertKind.JOB_FAILED);
        boolean counted = kind == AlertKind.QUARANTINE_GREW || kind == AlertKind.SOURCE_BEHIND;
        refuse(section, "rows", kind, counted);
        AlertRule rule =
                new AlertRule(
                        kind,
                        place,
                        section.texts("about"),
                        texts.choice(section, "severity", Severity.class, kind.standard()),
                        texts.time(section, "for", Duration.ZERO).orElse(Duration.ZERO),
                        age,
                        texts.count(section, "times", 1, 1_000).orElse(1),
                        texts.count(section, "rows", 1, COUNT_MAX).orElse(1));
        section.refuseOthers();
        return Optional.of(rule);
    }

    private void refuse(YamlSection section, String key, AlertKind kind, boolean hasMeaning) {
        if (!hasMeaning && section.entry(key).isPresent()) {
            problems.add(AlertErrors.notHere(key, kind.word(), JobText.place(section, key)));
        }
    }

    private AlertRoute route(YamlSection section, Map<String, AlertChannel> channels) {
        Set<AlertKind> kinds = EnumSet.noneOf(AlertKind.class);
        for (String word : section.texts("on")) {
            AlertKind.of(word)
                    .ifPresentOrElse(
                            kinds::add,
                            () ->
                                    problems.add(
                                            YamlErrors.notOneOf(
                                                    JobText.place(section, "on"),
                                                    "A route: 'on'",
                                                    word,
                                                    AlertKind.words())));
        }
        List<String> to = section.texts("to");
        if (to.isEmpty() && section.entry("to").isEmpty()) {
            problems.add(YamlErrors.missingKey(section.place(), "A route", "to"));
        }
        for (String channel : to) {
            if (!channels.containsKey(channel)) {
                problems.add(
                        AlertErrors.noChannel(
                                channel, JobText.place(section, "to"), channels.keySet()));
            }
        }
        Optional<Duration> repeat =
                section.text("repeat").filter("never"::equals).isPresent()
                        ? Optional.empty()
                        : Optional.of(
                                texts.time(section, "repeat", Duration.ofMinutes(1))
                                        .orElse(Duration.ofHours(4)));
        AlertRoute route =
                new AlertRoute(
                        section.place(),
                        section.texts("owner"),
                        texts.choice(section, "severity", Severity.class, Severity.INFO),
                        kinds,
                        to,
                        texts.choice(
                                section,
                                "group_by",
                                AlertRoute.Grouping.class,
                                AlertRoute.Grouping.ALL),
                        texts.time(section, "wait", Duration.ZERO).orElse(Duration.ofSeconds(30)),
                        texts.time(section, "pause", Duration.ZERO).orElse(Duration.ofMinutes(5)),
                        repeat,
                        section.flag("resolved").orElse(true),
                        section.flag("continue").orElse(false));
        section.refuseOthers();
        return route;
    }
}
