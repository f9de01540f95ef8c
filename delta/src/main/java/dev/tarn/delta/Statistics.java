package dev.tarn.delta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.TableFile;
import dev.tarn.model.table.Type;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a file holds, as Delta keeps it: by physical names, timestamps in milliseconds. Floating
 * point numbers get no bounds, as those of Parquet know nothing of NaN.
 */
final class Statistics {
    private static final DateTimeFormatter TIMESTAMP =
            new DateTimeFormatterBuilder()
                    .append(DateTimeFormatter.ISO_LOCAL_DATE)
                    .appendLiteral(' ')
                    .append(DateTimeFormatter.ISO_LOCAL_TIME)
                    .toFormatter(Locale.ROOT);
    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder()
                    .append(DateTimeFormatter.ISO_LOCAL_DATE)
                    .appendLiteral('T')
                    .appendPattern("HH:mm:ss")
                    .appendFraction(ChronoField.MILLI_OF_SECOND, 3, 3, true)
                    .toFormatter(Locale.ROOT);
    private static final LocalDate FIRST_DAY = LocalDate.of(1, 1, 1);
    private static final LocalDate LAST_DAY = LocalDate.of(9999, 12, 31);

    private final Columns columns;
    private final TableFile file;

    private Statistics(Columns columns, TableFile file) {
        this.columns = columns;
        this.file = file;
    }

    private enum Side {
        LOWER,
        UPPER
    }

    static String of(TableFile file, List<Field> fields, Columns columns) {
        return Json.text(new Statistics(columns, file).tell(fields));
    }

    private ObjectNode tell(List<Field> fields) {
        ObjectNode stats = JsonNodeFactory.instance.objectNode();
        stats.put("numRecords", file.rows());
        stats.put("tightBounds", file.deleted().isEmpty());
        stats.set("minValues", bounds(fields, Side.LOWER));
        stats.set("maxValues", bounds(fields, Side.UPPER));
        stats.set("nullCount", nulls(fields));
        return stats;
    }

    private ObjectNode bounds(List<Field> fields, Side side) {
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        for (Field field : fields) {
            String name = columns.physicalName(field);
            if (field.type() instanceof Type.Struct struct) {
                ObjectNode below = bounds(struct.fields(), side);
                if (!below.isEmpty()) {
                    values.set(name, below);
                }
            } else {
                bound(field, side).ifPresent(value -> values.set(name, value));
            }
        }
        return values;
    }

    private ObjectNode nulls(List<Field> fields) {
        ObjectNode counts = JsonNodeFactory.instance.objectNode();
        for (Field field : fields) {
            String name = columns.physicalName(field);
            TableFile.Bounds known = file.columns().get(field.id());
            if (field.type() instanceof Type.Struct struct) {
                ObjectNode below = nulls(struct.fields());
                if (!below.isEmpty()) {
                    counts.set(name, below);
                }
            } else if (known != null && known.nulls().isPresent()) {
                counts.put(name, known.nulls().get());
            }
        }
        return counts;
    }

    private Optional<JsonNode> bound(Field field, Side side) {
        TableFile.Bounds known = file.columns().get(field.id());
        if (known == null) {
            return Optional.empty();
        }
        Optional<String> text = side == Side.LOWER ? known.lower() : known.upper();
        try {
            return text.flatMap(t -> value(field.type(), t, side));
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            // A value that Delta cannot write, such as a year before our era: no bound is right.
            return Optional.empty();
        }
    }

    private static Optional<JsonNode> value(Type type, String text, Side side) {
        return switch (type) {
            case Type.Decimal d -> Optional.of(DecimalNode.valueOf(new BigDecimal(text)));
            case Type.Primitive p -> primitive(p, text, side);
            case Type.Struct s -> Optional.empty();
            case Type.ListOf l -> Optional.empty();
            case Type.MapOf m -> Optional.empty();
        };
    }

    private static Optional<JsonNode> primitive(Type.Primitive type, String text, Side side) {
        return switch (type) {
            case INTEGER, BIGINT -> Optional.of(LongNode.valueOf(Long.parseLong(text)));
            case DATE -> Optional.of(TextNode.valueOf(inRange(LocalDate.parse(text)).toString()));
            case TIME -> Optional.of(LongNode.valueOf(LocalTime.parse(text).toNanoOfDay() / 1_000));
            case TIMESTAMP -> Optional.of(TextNode.valueOf(millis(dateTime(text), side)));
            case TIMESTAMPTZ -> {
                String utc = text.endsWith("+00") ? text.substring(0, text.length() - 3) : text;
                yield Optional.of(TextNode.valueOf(millis(dateTime(utc), side) + "Z"));
            }
            case TIMESTAMP_NS -> Optional.of(LongNode.valueOf(nanos(dateTime(text))));
            case VARCHAR -> Optional.of(TextNode.valueOf(text));
            case BOOLEAN, FLOAT, DOUBLE, UUID, BINARY, VARIANT -> Optional.empty();
        };
    }

    private static LocalDateTime dateTime(String text) {
        return LocalDateTime.parse(text, TIMESTAMP);
    }

    private static String millis(LocalDateTime time, Side side) {
        LocalDateTime cut = time.truncatedTo(ChronoUnit.MILLIS);
        boolean isBelow = side == Side.UPPER && cut.isBefore(time);
        LocalDateTime bound = isBelow ? cut.plus(Duration.ofMillis(1)) : cut;
        inRange(bound.toLocalDate());
        return MILLIS.format(bound);
    }

    private static LocalDate inRange(LocalDate day) {
        if (day.isBefore(FIRST_DAY) || day.isAfter(LAST_DAY)) {
            throw new DateTimeException("The log cannot hold " + day);
        }
        return day;
    }

    private static long nanos(LocalDateTime time) {
        Instant instant = time.toInstant(ZoneOffset.UTC);
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }
}
