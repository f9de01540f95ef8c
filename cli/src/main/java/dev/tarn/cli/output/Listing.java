package dev.tarn.cli.output;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A list of things of one kind, as a table for people or as JSON for programs. The table has the
 * columns with a header, JSON those with a key.
 *
 * @param <T> the things
 */
public final class Listing<T> {
    private final List<Column<T>> columns = new ArrayList<>();

    /** A number of bytes: {@code 1.2 MB} for people, a number for programs. */
    public record Bytes(long count) {}

    private record Column<T>(
            Optional<String> header,
            Optional<String> key,
            TextTable.Align align,
            Function<T, ? extends @Nullable Object> value) {}

    public Listing<T> left(
            String header, String key, Function<T, ? extends @Nullable Object> value) {
        columns.add(
                new Column<>(Optional.of(header), Optional.of(key), TextTable.Align.LEFT, value));
        return this;
    }

    public Listing<T> right(
            String header, String key, Function<T, ? extends @Nullable Object> value) {
        columns.add(
                new Column<>(Optional.of(header), Optional.of(key), TextTable.Align.RIGHT, value));
        return this;
    }

    /** A text for people only. */
    public Listing<T> left(String header, Function<T, String> value) {
        columns.add(
                new Column<>(Optional.of(header), Optional.empty(), TextTable.Align.LEFT, value));
        return this;
    }

    /** A value for programs only. */
    public Listing<T> hidden(String key, Function<T, ? extends @Nullable Object> value) {
        columns.add(new Column<>(Optional.empty(), Optional.of(key), TextTable.Align.LEFT, value));
        return this;
    }

    /** An array of objects. */
    public void printJson(List<T> things, PrintStream out) {
        Json.print(objects(things), out);
    }

    /** Each thing as names and values, to be part of something larger. */
    public List<Map<String, @Nullable Object>> objects(List<T> things) {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (T thing : things) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            for (Column<T> column : columns) {
                if (column.key().isEmpty()) {
                    continue;
                }
                Object value = unwrapped(column.value().apply(thing));
                one.put(column.key().get(), value instanceof Bytes b ? (Object) b.count() : value);
            }
            all.add(one);
        }
        return all;
    }

    public List<String> lines(List<T> things, Paint paint, int limit) {
        List<Column<T>> shown = columns.stream().filter(c -> c.header().isPresent()).toList();
        TextTable table =
                new TextTable(
                        shown.stream()
                                .map(c -> new TextTable.Column(c.header().orElse(""), c.align()))
                                .toList());
        for (T thing : things) {
            List<@Nullable String> row = new ArrayList<>();
            for (Column<T> column : shown) {
                row.add(text(unwrapped(column.value().apply(thing))));
            }
            table.add(row);
        }
        return table.plain(paint, limit);
    }

    private static @Nullable Object unwrapped(@Nullable Object value) {
        return value instanceof Optional<?> optional
                ? (optional.isPresent() ? optional.get() : null)
                : value;
    }

    private static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Bytes bytes -> Amounts.bytes(bytes.count());
            case Long number -> Amounts.count(number);
            case Integer number -> Amounts.count(number);
            case Duration duration -> Amounts.duration(duration);
            case Instant time -> Values.text(time.truncatedTo(ChronoUnit.SECONDS));
            case Boolean yes -> yes ? "yes" : "";
            case Iterable<?> many -> {
                List<String> parts = new ArrayList<>();
                many.forEach(one -> parts.add(String.valueOf(one)));
                yield String.join(", ", parts);
            }
            default -> value.toString();
        };
    }
}
