package dev.tarn.it;

import static dev.tarn.it.ForeignDelta.PLAIN;
import static dev.tarn.it.ForeignDelta.add;
import static dev.tarn.it.ForeignDelta.metadata;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.app.AdoptedTable;
import dev.tarn.app.At;
import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.model.AsOf;
import dev.tarn.model.Place;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.ExternalSpec;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Adopting a table that goes wrong in the middle: the original is as it was, and nothing is seen.
 */
final class AdoptFailureTest {
    private static final At NOW = new At(RefName.MAIN, AsOf.head());
    private static final TableName NAME = new TableName("lake", "orders");
    private static final long FIRST_KILL_MICROS = 600_000;
    private static final long STEP_MICROS = 200_000;

    @TempDir Path folder;

    private Engine engine;
    private EngineSession session;
    private ForeignDelta delta;
    private Path project;

    @BeforeEach
    void open() throws IOException {
        engine = DuckDbEngine.open(DuckDbConfig.defaults(folder.resolve("spill")));
        session = engine.open(Engine.SessionOptions.TRUSTED);
        project = Files.createDirectory(folder.resolve("shop"));
        delta = new ForeignDelta(folder.resolve("orders"), session);
        delta.parquet("a.parquet", "select range as id, 'n' || range as name from range(5000)");
        delta.parquet("b.parquet", "select range as id, 'm' || range as name from range(5000)");
        delta.commit(
                PLAIN,
                metadata(List.of(), "", "id long", "name string"),
                add("a.parquet"),
                add("b.parquet"));
    }

    @AfterEach
    void close() {
        session.close();
        engine.close();
    }

    private static AdoptedTable adopt(Workshop shop, String location) {
        return shop.tarn()
                .adopt(
                        RefName.MAIN,
                        NAME,
                        new ExternalSpec(
                                location, Optional.empty(), Optional.empty(), Place.of("x")));
    }

    /** Every file of the original with what is in it. */
    private Map<String, byte[]> original() throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder.resolve("orders"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(file.toString(), Files.readAllBytes(file));
            }
        }
        return contents;
    }

    private void assertUntouched(Map<String, byte[]> before) throws IOException {
        Map<String, byte[]> now = original();
        assertThat(now.keySet()).isEqualTo(before.keySet());
        before.forEach((file, bytes) -> assertThat(now.get(file)).as(file).isEqualTo(bytes));
    }

    @Test
    void aFileThatCannotBeReadEndsItBeforeAnythingIsSeen() throws IOException {
        Path second = folder.resolve("orders").resolve("b.parquet");
        byte[] whole = Files.readAllBytes(second);
        byte[] damaged = whole.clone();
        // The footer is right, so metadata are written; the rows are not there when they are
        // compared.
        Arrays.fill(damaged, 4, 2000, (byte) 0);
        Files.write(second, damaged);
        Map<String, byte[]> before = original();
        try (Workshop shop = new Workshop(project)) {
            assertThatThrownBy(() -> adopt(shop, delta.location()))
                    .isInstanceOf(TarnException.class)
                    .hasMessageStartingWith("One of the files is damaged or cut short: ");
            assertUntouched(before);
            assertThat(shop.tarn().tableNames(NOW)).isEmpty();
            assertThat(shop.tarn().publications(RefName.MAIN, 5)).isEmpty();

            Files.write(second, whole);
            assertThat(adopt(shop, delta.location()).rows()).isEqualTo(10_000);
            assertThat(shop.rows("select count(*), sum(id) from lake.orders"))
                    .containsExactly("10000|24995000");
        }
    }

    @Test
    void whereverItsProcessIsKilledTheOriginalIsWholeAndItCanBeDoneAgain() throws Exception {
        Map<String, byte[]> before = original();
        boolean done = false;
        for (long micros = FIRST_KILL_MICROS; !done; micros += STEP_MICROS) {
            Program program = Program.start(project, "adopt", delta.location(), NAME.toString());
            done = program.endsWithin(micros);
            program.kill();
            assertUntouched(before);
            try (Workshop shop = new Workshop(project)) {
                done |= shop.tarn().tableNames(NOW).contains(NAME);
                if (done) {
                    assertThat(shop.rows("select count(*), sum(id) from lake.orders"))
                            .containsExactly("10000|24995000");
                }
            }
        }
        assertUntouched(before);
    }
}
