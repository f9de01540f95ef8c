package dev.tarn.model.graph;

import dev.tarn.model.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a unit test is about: a model's query over given rows, and the rows that must come out.
 *
 * @param sql the model's query; inputs are named as the fixtures are
 */
public record UnitCase(NodeId model, SqlText sql, List<Fixture> given, Fixture expect) {
    public UnitCase {
        given = List.copyOf(given);
    }

    /**
     * Rows that somebody wrote down.
     *
     * @param name of the common table expression that holds them
     * @param input the node they stand for, whose types they get; empty for what is expected
     * @param rows values by column; a column that a row does not have is null
     * @param query gives the rows instead of {@code rows}
     */
    public record Fixture(
            String name,
            Optional<NodeId> input,
            List<Map<String, @Nullable Object>> rows,
            Optional<String> query,
            Place place) {
        public Fixture {
            rows = List.copyOf(rows);
        }
    }
}
