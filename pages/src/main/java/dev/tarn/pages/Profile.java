package dev.tarn.pages;

import dev.tarn.app.Answer;
import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.PublicationId;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.run.Cancellation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the values of columns are like, from a look at the rows that is bounded in rows, columns and
 * time. Looks are remembered while the table stays as it is. Safe for use by many threads.
 */
final class Profile {
    static final int ROWS_MAX = 1_000_000;
    private static final int COLUMNS_MAX = 80;
    private static final int TEXT_MAX = 60;
    private static final long SECONDS_MAX = 10;
    private static final int REMEMBERED = 200;

    private final Tarn tarn;
    private final Map<Key, Look> looks =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, Look> eldest) {
                    return size() > REMEMBERED;
                }
            };

    Profile(Tarn tarn) {
        this.tarn = tarn;
    }

    private record Key(TableName name, PublicationId version) {}

    /**
     * What one look saw.
     *
     * @param rows how many rows were looked at
     * @param problem why there is nothing
     */
    record Look(long rows, Map<String, Column> columns, Optional<String> problem) {
        Look {
            columns = Map.copyOf(columns);
        }
    }

    /**
     * One column.
     *
     * @param distinct about how many different values; negative where that is not asked
     */
    record Column(long values, long distinct, Optional<String> least, Optional<String> greatest) {}

    Look of(TableName name, PublicationId version, Schema schema, At at) {
        Key key = new Key(name, version);
        synchronized (looks) {
            Look known = looks.get(key);
            if (known != null) {
                return known;
            }
        }
        Look look = look(name, schema, at);
        synchronized (looks) {
            looks.put(key, look);
        }
        return look;
    }

    private Look look(TableName name, Schema schema, At at) {
        List<Field> fields = schema.fields().stream().limit(COLUMNS_MAX).toList();
        Cancellation cancellation = new Cancellation();
        CompletableFuture<Void> clock =
                CompletableFuture.runAsync(
                        cancellation::cancel,
                        CompletableFuture.delayedExecutor(SECONDS_MAX, TimeUnit.SECONDS));
        try (Answer answer = tarn.query(sql(name, fields), at, cancellation)) {
            answer.next();
            long rows = ((Number) java.util.Objects.requireNonNull(answer.value(0))).longValue();
            Map<String, Column> columns = new LinkedHashMap<>();
            int next = 1;
            for (Field field : fields) {
                long values = number(answer.value(next++));
                boolean scalar = isScalar(field.type());
                columns.put(
                        field.name(),
                        scalar
                                ? new Column(
                                        values,
                                        number(answer.value(next++)),
                                        text(answer.value(next++)),
                                        text(answer.value(next++)))
                                : new Column(values, -1, Optional.empty(), Optional.empty()));
            }
            return new Look(rows, columns, Optional.empty());
        } catch (TarnException e) {
            String why =
                    e.code() == ErrorCode.INTERRUPTED
                            ? "Looking at the rows took longer than %d seconds."
                                    .formatted(SECONDS_MAX)
                            : e.problems().getFirst().message();
            return new Look(0, Map.of(), Optional.of(why));
        } finally {
            clock.cancel(false);
        }
    }

    private static String sql(TableName name, List<Field> fields) {
        List<String> parts = new ArrayList<>();
        parts.add("count(*)");
        for (Field field : fields) {
            String column = Type.quoted(field.name());
            parts.add("count(" + column + ")");
            if (isScalar(field.type())) {
                parts.add("approx_count_distinct(" + column + ")");
                parts.add("min(" + column + ")");
                parts.add("max(" + column + ")");
            }
        }
        return "select %s from (select * from %s.%s limit %d) as looked_at"
                .formatted(
                        String.join(", ", parts),
                        Type.quoted(name.schema()),
                        Type.quoted(name.table()),
                        ROWS_MAX);
    }

    private static boolean isScalar(Type type) {
        return type instanceof Type.Decimal
                || (type instanceof Type.Primitive
                        && type != Type.Primitive.BINARY
                        && type != Type.Primitive.VARIANT);
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number n ? n.longValue() : 0;
    }

    private static Optional<String> text(@Nullable Object value) {
        return value == null ? Optional.empty() : Optional.of(Show.value(value, TEXT_MAX));
    }
}
