package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers templates from a session of an engine: what the session's relations hold is what they
 * see. One question at a time.
 */
public final class SessionDatabase implements CompileDatabase {
    private final EngineSession session;

    /**
     * @param session stays open as long as projects are compiled with it; whoever opened it closes
     *     it
     */
    public SessionDatabase(EngineSession session) {
        this.session = session;
    }

    @Override
    public synchronized Optional<Schema> columns(TableName relation) {
        String name = SqlNames.always(relation.schema()) + "." + SqlNames.always(relation.table());
        try {
            return Optional.of(session.describe(SqlText.of("select * from " + name)));
        } catch (TarnException e) {
            if (e.code() == ErrorCode.TABLE_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public synchronized Rows query(String sql) {
        try (QueryResult result = session.query(SqlText.of(sql))) {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            while (result.next()) {
                List<@Nullable Object> row = new ArrayList<>();
                result.row().forEach(v -> row.add(templateValue(v)));
                rows.add(row);
            }
            return new Rows(result.schema().names(), rows);
        }
    }

    /** The value as templates work on it: whole numbers are long, dates are text. */
    private static @Nullable Object templateValue(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Integer i -> i.longValue();
            case Float f -> f.doubleValue();
            case Boolean b -> b;
            case Number n -> n;
            case List<?> list -> new ArrayList<>(list);
            default -> value.toString();
        };
    }
}
