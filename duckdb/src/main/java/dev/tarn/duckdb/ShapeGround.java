package dev.tarn.duckdb;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.spi.Relation;
import dev.tarn.spi.RelationResolver;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A second session in which tables have their columns but no files, because DuckDB does not write
 * down plans that read files. Made when it is first needed.
 */
final class ShapeGround implements AutoCloseable {
    private final Supplier<DuckDbSession> opener;
    private final Map<TableName, Relation> defined = new HashMap<>();
    private @Nullable DuckDbSession session;

    ShapeGround(Supplier<DuckDbSession> opener) {
        this.opener = opener;
    }

    /** The plan of a query over these relations. */
    BoundPlan plan(SqlText query, Map<TableName, Relation> relations, Collection<String> path) {
        DuckDbSession open = session;
        if (open == null) {
            open = opener.get();
            session = open;
        }
        open.resolver(new Path(List.copyOf(path)));
        for (Map.Entry<TableName, Relation> entry : relations.entrySet()) {
            Relation shape = shape(entry.getValue());
            if (!shape.equals(defined.put(entry.getKey(), shape))) {
                open.define(entry.getKey(), shape);
            }
        }
        return open.plan(query);
    }

    /** What a plan depends on, of a relation. */
    static Relation shape(Relation relation) {
        return switch (relation) {
            case Relation.Table table -> new Relation.Shape(table.columns());
            case Relation.View view -> view;
            case Relation.Shape shape -> shape;
        };
    }

    /** Finds nothing by itself: all that a query may read is defined. */
    private record Path(List<String> searchPath) implements RelationResolver {
        @Override
        public Optional<Relation> resolve(TableName name) {
            return Optional.empty();
        }

        @Override
        public Set<TableName> names() {
            return Set.of();
        }
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
