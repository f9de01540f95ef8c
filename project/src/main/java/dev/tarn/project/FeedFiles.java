package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.FeedSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads who is told what changes in tables: {@code feeds.yml}. */
public final class FeedFiles {
    /** Beside {@code dbt_project.yml}. */
    public static final String FILE = "feeds.yml";

    private static final Set<String> SHARED = Set.of("name", "table", "to", "key", "serve");

    private final Problems problems = new Problems();

    private FeedFiles() {}

    /**
     * What the file says; without a file there are no feeds.
     *
     * @throws TarnException with everything that is wrong
     */
    public static List<FeedSpec> read(Path project) {
        Path path = project.resolve(FILE);
        if (!Files.exists(path)) {
            return List.of();
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

    static List<FeedSpec> read(String text) {
        FeedFiles files = new FeedFiles();
        List<FeedSpec> feeds =
                YamlReader.readMapping(FILE, text, files.problems)
                        .map(m -> files.feeds(new YamlSection("The file", m, files.problems)))
                        .orElse(List.of());
        if (!files.problems.isEmpty()) {
            throw new TarnException(files.problems.sorted());
        }
        return feeds;
    }

    private List<FeedSpec> feeds(YamlSection root) {
        List<FeedSpec> feeds = new ArrayList<>();
        Map<String, Place> places = new HashMap<>();
        for (YamlSection section : root.sections("feeds", "A feed")) {
            Optional<String> name = section.required("name");
            Optional<String> table = section.required("table");
            Optional<String> to = section.required("to");
            if (name.isEmpty() || table.isEmpty() || to.isEmpty()) {
                continue;
            }
            Place place = JobText.place(section, "name");
            if (!name.get().matches("[A-Za-z0-9_-]{1,60}")) {
                problems.add(FeedErrors.badName(name.get(), place));
            }
            Place first = places.putIfAbsent(name.get(), place);
            if (first != null) {
                problems.add(FeedErrors.twice(name.get(), place, first));
            }
            feed(section, name.get(), place, table.get(), to.get()).ifPresent(feeds::add);
        }
        root.refuseOthers();
        return feeds;
    }

    private Optional<FeedSpec> feed(
            YamlSection section, String name, Place place, String table, String to) {
        Map<String, String> settings = new TreeMap<>();
        section.mapping().entries().stream()
                .filter(e -> !SHARED.contains(e.key()))
                .forEach(e -> ConnectorReader.setting(settings, e.key(), e.value()));
        try {
            return Optional.of(
                    new FeedSpec(
                            name,
                            place,
                            TableName.parse(table),
                            to,
                            section.texts("key"),
                            section.flag("serve").orElse(true),
                            settings));
        } catch (TarnException bad) {
            bad.at(JobText.place(section, "table")).problems().forEach(problems::add);
            return Optional.empty();
        }
    }
}
