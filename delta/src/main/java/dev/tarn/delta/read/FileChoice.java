package dev.tarn.delta.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tarn.delta.read.DeltaSnapshot.AddedFile;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.Predicate.Operator;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.ValueRange;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which files of a version can have rows that meet some conditions, by the values of their
 * partition and by the statistics in the log. What is not told, or told in words that are not
 * surely understood, leaves no file out.
 */
final class FileChoice {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build();

    private final List<Wanted> wanted = new ArrayList<>();

    /**
     * A condition, and where files tell about what it is on.
     *
     * @param path the names in statistics
     */
    private record Wanted(Field field, List<String> path, Predicate predicate) {}

    FileChoice(DeltaSnapshot snapshot, List<Predicate> predicates) {
        for (Predicate predicate : predicates) {
            wanted(snapshot, predicate).ifPresent(wanted::add);
        }
    }

    private static Optional<Wanted> wanted(DeltaSnapshot snapshot, Predicate predicate) {
        @Nullable Field field = snapshot.schema().find(predicate.column()).orElse(null);
        List<String> path = new ArrayList<>();
        List<String> parts = new ArrayList<>(predicate.within());
        while (field != null) {
            path.add(snapshot.names().getOrDefault(field.id(), List.of(field.name())).getFirst());
            if (parts.isEmpty()) {
                return Optional.of(new Wanted(field, List.copyOf(path), predicate));
            }
            String name = parts.removeFirst();
            field =
                    field.type() instanceof Type.Struct struct
                            ? struct.fields().stream()
                                    .filter(f -> f.name().equals(name))
                                    .findFirst()
                                    .orElse(null)
                            : null;
        }
        return Optional.empty();
    }

    /**
     * @param constants the values of partition columns, by the columns' ids
     */
    boolean mayHaveRows(AddedFile file, Map<Integer, Optional<String>> constants) {
        if (wanted.isEmpty()) {
            return true;
        }
        JsonNode stats = stats(file);
        return wanted.stream().allMatch(w -> mayHaveRows(w, stats, constants));
    }

    private static boolean mayHaveRows(
            Wanted wanted, JsonNode stats, Map<Integer, Optional<String>> constants) {
        Predicate predicate = wanted.predicate();
        int id = wanted.field().id();
        if (constants.containsKey(id) && wanted.path().size() == 1) {
            Optional<String> constant = constants.getOrDefault(id, Optional.empty());
            return switch (predicate.operator()) {
                case IS_NULL -> constant.isEmpty();
                case IS_NOT_NULL -> constant.isPresent();
                default ->
                        constant.isPresent()
                                && ValueRange.of(wanted.field().type(), constant.get())
                                        .mayMeet(predicate);
            };
        }
        if (predicate.operator() == Operator.IS_NULL) {
            JsonNode nulls = at(stats.path("nullCount"), wanted.path());
            return !nulls.isNumber() || nulls.asLong() != 0;
        }
        if (predicate.operator() == Operator.IS_NOT_NULL) {
            JsonNode nulls = at(stats.path("nullCount"), wanted.path());
            JsonNode rows = stats.path("numRecords");
            return !nulls.isNumber() || !rows.isNumber() || nulls.asLong() != rows.asLong();
        }
        Type type = wanted.field().type();
        return new ValueRange(
                        type,
                        text(at(stats.path("minValues"), wanted.path())),
                        text(at(stats.path("maxValues"), wanted.path()))
                                .flatMap(greatest -> rounded(type, greatest)))
                .mayMeet(predicate);
    }

    /** Times are told in milliseconds, cut off: the greatest may be up to one more. */
    private static Optional<String> rounded(Type type, String greatest) {
        try {
            if (type == Type.Primitive.TIMESTAMPTZ) {
                return Optional.of(
                        OffsetDateTime.parse(greatest.replace(' ', 'T'))
                                .plus(Duration.ofMillis(1))
                                .toString());
            }
            if (type == Type.Primitive.TIMESTAMP) {
                return Optional.of(
                        LocalDateTime.parse(greatest.replace(' ', 'T'))
                                .plus(Duration.ofMillis(1))
                                .toString());
            }
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
        return Optional.of(greatest);
    }

    private static JsonNode at(JsonNode from, List<String> path) {
        JsonNode node = from;
        for (String name : path) {
            node = node.path(name);
        }
        return node;
    }

    private static Optional<String> text(JsonNode value) {
        return value.isNumber()
                ? Optional.of(value.decimalValue().toPlainString())
                : Optional.ofNullable(value.textValue());
    }

    private static JsonNode stats(AddedFile file) {
        if (file.stats().isBlank()) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(file.stats());
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
