package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation;
import dev.tarn.spi.RelationResolver;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers templates from a session of an engine: what the session's relations hold is what they
 * see. One question at a time.
 */
public final class SessionDatabase implements CompileDatabase {
    private static final Pattern QUERY =
            Pattern.compile(
                    "(?is)(?:\\s++|--[^\\n]*(?:\\n|$)|/\\*.*?\\*/|\\()*+"
                            + "(?:select|with|values|from|pivot|unpivot|summarize|describe)\\b.*");

    private final EngineSession session;
    private final Optional<RelationResolver> relations;
    private final ToLongFunction<String> statements;
    private final List<String> selected;

    /**
     * @param session stays open as long as projects are compiled with it; whoever opened it closes
     *     it
     */
    public SessionDatabase(EngineSession session) {
        this(
                session,
                Optional.empty(),
                sql -> {
                    throw TemplateErrors.onlyQueries(sql);
                },
                List.of());
    }

    /**
     * @param relations what the session's names stand for
     * @param statements runs what is not a query; gives the rows changed
     * @param selected the ids of the nodes that are to run
     */
    public SessionDatabase(
            EngineSession session,
            Optional<RelationResolver> relations,
            ToLongFunction<String> statements,
            List<String> selected) {
        this.session = session;
        this.relations = relations;
        this.statements = statements;
        this.selected = List.copyOf(selected);
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
    public synchronized Schema describe(String sql) {
        return session.describe(SqlText.of(StandardNames.own(sql)));
    }

    @Override
    public synchronized Optional<Kind> kind(TableName relation) {
        if (relations.isEmpty()) {
            return columns(relation).map(c -> Kind.TABLE);
        }
        return relations
                .get()
                .resolve(relation)
                .map(r -> r instanceof Relation.View ? Kind.VIEW : Kind.TABLE);
    }

    @Override
    public synchronized List<TableName> relations() {
        return relations.map(r -> List.copyOf(r.names())).orElse(List.of());
    }

    @Override
    public List<String> selected() {
        return selected;
    }

    @Override
    public synchronized long execute(String sql) {
        return statements.applyAsLong(StandardNames.own(sql));
    }

    @Override
    public synchronized Rows query(String sql) {
        String own = StandardNames.own(sql.strip());
        if (!QUERY.matcher(own).matches()) {
            long changed = own.isBlank() ? 0 : statements.applyAsLong(own);
            return new Rows(List.of(), List.of(), changed);
        }
        try (QueryResult result = session.query(SqlText.of(own))) {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            while (result.next()) {
                List<@Nullable Object> row = new ArrayList<>();
                result.row().forEach(v -> row.add(templateValue(v)));
                rows.add(row);
            }
            return new Rows(result.schema().names(), rows);
        }
    }

    /** The value as templates work on it: whole numbers are long. */
    private static @Nullable Object templateValue(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Integer i -> i.longValue();
            case Short s -> s.longValue();
            case Byte b -> b.longValue();
            case Float f -> f.doubleValue();
            case Boolean b -> b;
            case Number n -> n;
            case LocalDate d -> d;
            case LocalDateTime t -> t;
            case Instant i -> i;
            case LocalTime t -> t;
            case byte[] bytes -> bytes;
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> items = new LinkedHashMap<>();
                map.forEach((k, v) -> items.put(String.valueOf(k), templateValue(v)));
                yield items;
            }
            case List<?> list -> {
                List<@Nullable Object> items = new ArrayList<>();
                list.forEach(i -> items.add(templateValue(i)));
                yield items;
            }
            default -> value.toString();
        };
    }
}
