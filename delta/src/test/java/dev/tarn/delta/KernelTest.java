package dev.tarn.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.Snapshot;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Predicate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Tarn publishes is read by Delta's own reader, value by value, at every version. */
final class KernelTest {
    @TempDir Path folder;
    private final KernelReader reader = new KernelReader();
    private Lab lab;

    @BeforeEach
    void openLab() {
        lab = new Lab(folder);
    }

    @AfterEach
    void closeLab() {
        lab.close();
    }

    @Test
    void everyVersionHasTheRowsThatWerePublished() throws Exception {
        for (Lab.Line line : new Scenarios(lab).all()) {
            List<Lab.State> states = line.states();
            assertThat(reader.newest(line.home()).getVersion()).isEqualTo(states.size() - 1L);
            for (int version = 0; version < states.size(); version++) {
                Lab.State state = states.get(version);
                Snapshot snapshot = reader.at(line.home(), version);
                assertThat(snapshot.getSchema().fieldNames())
                        .as("%s version %d", line.name(), version)
                        .isEqualTo(state.schema().names());
                assertThat(reader.rows(snapshot))
                        .as("%s version %d", line.name(), version)
                        .isEqualTo(state.rows());
                assertThat(reader.asOf(line.home(), state.at()).getVersion()).isEqualTo(version);
            }
        }
    }

    @Test
    void aReaderBeginsAtTheCheckpoint() throws Exception {
        Lab.Line line = new Scenarios(lab).manyVersions();
        Path log = Path.of(line.home(), DeltaLog.FOLDER);
        assertThat(Files.readString(log.resolve("_last_checkpoint"))).contains("\"version\":19");
        for (int version = 0; version <= 18; version++) {
            Files.delete(log.resolve("%020d.json".formatted(version)));
        }

        assertThat(reader.rows(reader.newest(line.home())))
                .isEqualTo(line.states().getLast().rows());
        assertThat(reader.rows(reader.at(line.home(), 20))).isEqualTo(line.states().get(20).rows());
    }

    @Test
    void statisticsLeaveFilesOut() throws Exception {
        Scenarios scenarios = new Scenarios(lab);
        String types = scenarios.types().home();
        assertThat(planned(types, "=", "id", Literal.ofInt(1))).isEqualTo(1);
        assertThat(planned(types, "=", "l", Literal.ofLong(Long.MAX_VALUE))).isEqualTo(1);
        assertThat(planned(types, "=", "day", Literal.ofDate(-141427))).isEqualTo(1);
        assertThat(planned(types, "=", "ts", Literal.ofTimestampNtz(-1))).isEqualTo(1);
        assertThat(planned(types, "=", "tz", Literal.ofTimestamp(1_709_200_800_000_001L)))
                .isEqualTo(1);
        assertThat(planned(types, "=", "s", Literal.ofString("Ünï'😀|"))).isEqualTo(1);
        assertThat(planned(types, ">", "d", Literal.ofDouble(1e300))).isEqualTo(2);

        String partitions = scenarios.partitions().home();
        // Of twelve and more files; the kernel never leaves out those that have only nulls.
        assertThat(planned(partitions, "=", "region", Literal.ofString("eu/x y"))).isEqualTo(4);
        assertThat(planned(partitions, "=", "region", Literal.ofString("nowhere"))).isEqualTo(2);

        String schemas = scenarios.schemas().home();
        assertThat(planned(schemas, "=", "note", Literal.ofLong(44))).isLessThanOrEqualTo(4);
        assertThat(planned(schemas, "=", "id", Literal.ofLong(3))).isEqualTo(1);
    }

    private int planned(String home, String operator, String column, Literal value)
            throws Exception {
        return reader.planned(
                reader.newest(home), new Predicate(operator, new Column(column), value));
    }
}
