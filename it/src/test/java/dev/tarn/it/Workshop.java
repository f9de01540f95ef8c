package dev.tarn.it;

import dev.tarn.app.Answer;
import dev.tarn.app.At;
import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.Problem;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.run.Task;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A project in a folder and a program open on it. Files are put and builds are made in one line.
 */
final class Workshop implements AutoCloseable {
    private final Path root;
    private Tarn tarn;

    /** An empty project whose models are tables, in the schema {@code main}. */
    Workshop(Path root) {
        this.root = root;
        put(
                "dbt_project.yml",
                """
                name: shop
                version: "1.0"
                models:
                  shop:
                    +materialized: table
                """);
        tarn = Tarn.open(OpenRequest.of(root));
    }

    Path root() {
        return root;
    }

    Tarn tarn() {
        return tarn;
    }

    Workshop put(String name, String text) {
        try {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void remove(String name) {
        try {
            Files.delete(root.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A source {@code bronze.NAME} of the CSV files in {@code landing/NAME}. */
    Workshop source(String name) {
        return put(
                "models/source_" + name + ".yml",
                """
                version: 2
                sources:
                  - name: bronze_%1$s
                    schema: bronze
                    tables:
                      - name: %1$s
                        ingest:
                          location: landing/%1$s/*.csv
                          format: csv
                """
                        .formatted(name));
    }

    /** Reads the project's files again: a program that is open has read them once. */
    Workshop reopen() {
        tarn.close();
        tarn = Tarn.open(OpenRequest.of(root));
        return this;
    }

    RunReport build() {
        return build(BuildRequest.everything("build"));
    }

    RunReport build(BuildRequest request) {
        return build(request, (node, task) -> {});
    }

    /** Tells what each task becomes while the build goes on. */
    RunReport build(BuildRequest request, BiConsumer<Node, Task> watcher) {
        reopen();
        return tarn.build(request, listener(watcher), new Cancellation());
    }

    static BuildRequest to(String ref) {
        return new BuildRequest(
                "build",
                EnumSet.allOf(NodeKind.class),
                List.of(),
                List.of(),
                new RefName(ref),
                false,
                false,
                Optional.empty());
    }

    static BuildRequest full() {
        return new BuildRequest(
                "build",
                EnumSet.allOf(NodeKind.class),
                List.of(),
                List.of(),
                RefName.MAIN,
                true,
                false,
                Optional.empty());
    }

    /** The rows of a query, each as text with '|' between the values. */
    List<String> rows(String sql, String at) {
        try (Answer answer = tarn.query(sql, At.parse(at), new Cancellation())) {
            List<String> rows = new ArrayList<>();
            int columns = answer.schema().fields().size();
            while (answer.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 0; i < columns; i++) {
                    row.add(text(answer.value(i)));
                }
                rows.add(String.join("|", row));
            }
            return rows;
        }
    }

    List<String> rows(String sql) {
        return rows(sql, "main");
    }

    private static String text(@Nullable Object value) {
        return value instanceof byte[] bytes
                ? HexFormat.of().formatHex(bytes)
                : String.valueOf(value);
    }

    static long number(Tarn tarn, String sql) {
        return number(tarn, sql, At.MAIN);
    }

    static long number(Tarn tarn, String sql, At at) {
        try (Answer answer = tarn.query(sql, at, new Cancellation())) {
            if (!answer.next()) {
                throw new AssertionError("No row: " + sql);
            }
            return ((Number) Objects.requireNonNull(answer.value(0))).longValue();
        }
    }

    /** What became of each node, by its short name. */
    static SortedMap<String, String> outcome(RunReport report) {
        return report.tasks().stream()
                .collect(
                        Collectors.toMap(
                                t -> t.node().replaceFirst("^(\\w+)\\.shop\\.", "$1 "),
                                t -> t.status().name(),
                                (a, b) -> a,
                                TreeMap::new));
    }

    /** What a refusal says, one line for each mistake. */
    static String told(TarnException refusal) {
        return told(refusal.problems());
    }

    static String told(List<Problem> problems) {
        return problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }

    private static RunListener listener(BiConsumer<Node, Task> watcher) {
        return new RunListener() {
            @Override
            public void changed(Node node, Task task) {
                watcher.accept(node, task);
            }
        };
    }

    @Override
    public void close() {
        tarn.close();
    }
}
