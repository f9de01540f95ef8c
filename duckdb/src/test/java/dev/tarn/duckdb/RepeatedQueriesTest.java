package dev.tarn.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableScan.DataFile;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.Engine.SessionOptions;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation;
import dev.tarn.spi.RelationResolver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RepeatedQueriesTest extends Fixture {
    private static final SessionOptions TYPED = new SessionOptions(Optional.empty(), true);
    private static final Schema SCHEMA =
            schema(field(1, "id", Primitive.BIGINT), field(2, "name", Primitive.VARCHAR));
    private static final TableName LARGE = TableName.parse("shop.large");
    private static final TableName VIEW = TableName.parse("shop.names");
    private static final TableName OTHER = TableName.parse("archive.orders");

    private int resolved;
    private int planned;

    /** One state of a warehouse; {@code number} stands for all that it shows. */
    private record State(int number, Map<TableName, Relation> relations, RepeatedQueriesTest test)
            implements RelationResolver {
        @Override
        public Optional<Relation> resolve(TableName name) {
            test.resolved++;
            return Optional.ofNullable(relations.get(name));
        }

        @Override
        public List<String> searchPath() {
            return relations.keySet().stream().map(TableName::schema).distinct().sorted().toList();
        }

        @Override
        public Set<TableName> names() {
            return relations.keySet();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof State state && number == state.number;
        }

        @Override
        public int hashCode() {
            return number;
        }
    }

    private State state(int number, List<DataFile> files, boolean withOther) {
        Relation.Table all =
                new Relation.Table(
                        SCHEMA,
                        predicates -> {
                            planned++;
                            int wanted = predicates.isEmpty() ? files.size() : 1;
                            return new TableScan(SCHEMA, files.subList(0, wanted), files.size());
                        });
        Relation.Table one =
                new Relation.Table(SCHEMA, p -> new TableScan(SCHEMA, files.subList(0, 1), 1));
        Relation.View view = new Relation.View("select name from large where id >= 0");
        return new State(
                number,
                withOther
                        ? Map.of(TABLE, one, LARGE, all, VIEW, view, OTHER, all)
                        : Map.of(TABLE, one, LARGE, all, VIEW, view),
                this);
    }

    private List<DataFile> files(int count) {
        List<DataFile> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            files.add(
                    file(
                            SCHEMA,
                            "select range as id, 'n' || range as name from range(10)",
                            i % 10));
        }
        return files;
    }

    private List<List<@Nullable Object>> ask(RelationResolver resolver, String query) {
        try (EngineSession asked = engine.open(TYPED)) {
            asked.resolver(resolver);
            List<List<@Nullable Object>> rows = new ArrayList<>();
            try (QueryResult result = asked.query(sql(query))) {
                while (result.next()) {
                    rows.add(result.row());
                }
            }
            return rows;
        }
    }

    private long count(String what) {
        return (Long) rows("select count(*) from " + what).getFirst().getFirst();
    }

    @Test
    void goesOnWithWhatAnEqualStateHasMade() {
        List<DataFile> files = files(2);
        assertThat(ask(state(1, files, false), "select count(*) from orders"))
                .containsExactly(row(9L));
        long views = count("duckdb_views() where not internal");
        int before = resolved;
        assertThat(ask(state(1, files, false), "select count(*) from orders"))
                .containsExactly(row(9L));
        assertThat(resolved).isEqualTo(before);
        assertThat(count("duckdb_views() where not internal")).isEqualTo(views);
    }

    @Test
    void plansAgainWhatItGoesOnWith() {
        State state = state(1, files(2), false);
        ask(state, "select count(*) from large");
        int before = planned;
        ask(state, "select count(*) from names");
        assertThat(planned).isGreaterThan(before);
    }

    @Test
    void neverShowsOneStateToAnother() {
        List<DataFile> files = files(3);
        assertThat(ask(state(1, files, true), "select count(*) from archive.orders"))
                .containsExactly(row(27L));
        assertThatThrownBy(() -> ask(state(2, files, false), "from archive.orders"))
                .isInstanceOf(TarnException.class)
                .hasMessageContaining("archive.orders");
        assertThat(ask(state(2, files, false), "select count(*) from orders"))
                .containsExactly(row(9L));
        assertThat(ask(state(1, files, true), "select count(*) from orders"))
                .containsExactly(row(27L));
    }

    @Test
    void goesOnInNothingThatWasDefinedOrStagedOrStopped() {
        State state = state(1, files(1), false);
        try (EngineSession changed = engine.open(TYPED)) {
            changed.resolver(state);
            changed.define(TableName.parse("shop.secret"), new Relation.View("select 1 as x"));
            changed.describe(sql("from shop.secret"));
        }
        assertThatThrownBy(() -> ask(state, "from shop.secret")).isInstanceOf(TarnException.class);
        long databases = count("duckdb_databases() where not internal");
        try (EngineSession stopped = engine.open(TYPED)) {
            stopped.resolver(state);
            try (QueryResult result = stopped.query(sql("from range(100000000)"))) {
                stopped.cancel();
                assertThatThrownBy(result::next).isInstanceOf(TarnException.class);
            }
        }
        assertThat(count("duckdb_databases() where not internal")).isLessThanOrEqualTo(databases);
    }

    @Test
    void aClosedSessionStopsNobodyElse() {
        State state = state(1, files(1), false);
        EngineSession first = engine.open(TYPED);
        first.resolver(state);
        first.query(sql("select 1")).close();
        first.close();
        try (EngineSession second = engine.open(TYPED)) {
            second.resolver(state);
            try (QueryResult result = second.query(sql("select count(*) from orders"))) {
                first.cancel();
                assertThat(result.next()).isTrue();
            }
        }
    }

    @Test
    void keepsNoMoreAfterTwoThousandQueriesThanAfterAFew() {
        List<DataFile> files = files(12);
        for (int i = 0; i < 2_000; i++) {
            State state = state(i / 100, files, i % 200 < 100);
            String query =
                    switch (i % 5) {
                        case 0 -> "select count(*) from orders where shop.orders.id = " + i;
                        case 1 -> "select * from large where id = " + i;
                        case 2 -> "select count(*) from names";
                        case 3 -> "select " + i;
                        default -> "select nothing" + i + " from large";
                    };
            try (EngineSession asked = engine.open(TYPED)) {
                asked.resolver(state);
                try (QueryResult result = asked.query(sql(query))) {
                    result.next();
                }
            } catch (TarnException wrong) {
                assertThat(i % 5 == 4 || i % 5 == 0).isTrue();
            }
        }
        int idle = Workspaces.MOST_IDLE;
        assertThat(engine.idle()).isLessThanOrEqualTo(idle);
        // Each has a database of its own, one to plan in, and one without files; and so does ours.
        assertThat(count("duckdb_databases() where not internal"))
                .isLessThanOrEqualTo(3L * (idle + 1));
        assertThat(count("duckdb_views() where not internal"))
                .isLessThanOrEqualTo(10L * (idle + 1));
        assertThat(engine.scansWithDeletedRows()).isLessThanOrEqualTo(4 * (idle + 1));
    }
}
