package dev.tarn.spi;

import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.ConnectorSpec;
import dev.tarn.model.graph.IngestSpec;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A real source of one connector, with what a test does to it. */
public interface ConnectorRig extends AutoCloseable {
    Connector connector();

    /** What the connector is asked to read, always the same. */
    Connector.Request request();

    /** What stands in a source's block, as a connector gets it. */
    static Connector.Request request(
            String connector, Map<String, String> settings, Optional<String> cursor, Path folder) {
        return request(
                connector,
                settings,
                cursor.map(c -> ConnectorSpec.Mode.INCREMENTAL),
                cursor,
                folder);
    }

    /** The same with what {@code mode} says. */
    static Connector.Request request(
            String connector,
            Map<String, String> settings,
            Optional<ConnectorSpec.Mode> mode,
            Optional<String> cursor,
            Path folder) {
        ConnectorSpec spec =
                new ConnectorSpec(
                        connector,
                        settings,
                        mode,
                        cursor,
                        Duration.ZERO,
                        ConnectorSpec.Write.APPEND,
                        List.of(),
                        ConnectorSpec.Flush.STANDARD,
                        OptionalLong.empty());
        IngestSpec ingest =
                new IngestSpec(
                                "",
                                Optional.empty(),
                                IngestSpec.SchemaPolicy.EVOLVE,
                                Map.of(),
                                Map.of(),
                                List.of(),
                                new Place("models/sources.yml", 1, 1))
                        .withConnector(spec);
        return new Connector.Request(
                new TableName("bronze", "rows"),
                ingest,
                settings,
                folder,
                folder,
                Clock.systemUTC());
    }

    /** Puts rows with the ids {@code from} to {@code to} into the source. */
    void add(int from, int to);

    /**
     * Rows that are added from now on have one more column, with a value.
     *
     * @return whether the source can
     */
    default boolean addColumn(String name) {
        return false;
    }

    /**
     * Makes the source unavailable.
     *
     * @return whether the test can
     */
    default boolean down() throws Exception {
        return false;
    }

    /** Makes it available again. */
    default void up() throws Exception {}

    /** Whether whoever opens the source reads all of it again, since it cannot tell what is new. */
    default boolean isReadWhole() {
        return false;
    }

    /** A secret that must not be shown. */
    default Optional<String> secret() {
        return Optional.empty();
    }
}
