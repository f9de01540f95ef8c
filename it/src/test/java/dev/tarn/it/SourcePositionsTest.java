package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.app.At;
import dev.tarn.app.Rewind;
import dev.tarn.app.Rewind.Target;
import dev.tarn.app.Sources;
import dev.tarn.model.RefName;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where reading sources stands and stood, and going back. */
final class SourcePositionsTest {
    private static final List<String> ALL = List.of("source:ledger");

    @TempDir Path folder;
    private Ledger ledger;

    @BeforeEach
    void open() {
        ledger = new Ledger(folder, "flush: {rows: 100}");
        ledger.add("#id BIGINT,text VARCHAR", "c 1 one", "c 2 two");
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private long landed() {
        RunReport report = ledger.ingest();
        assertThat(report.problems()).isEmpty();
        return report.run().publication().orElseThrow().value();
    }

    private Sources sources() {
        return ledger.shop().tarn().sources();
    }

    private Rewind.Result rewind(Target to, List<String> parts, boolean keepRows, boolean dryRun) {
        return sources()
                .rewind(new Rewind(ALL, List.of(), RefName.MAIN, to, parts, keepRows, dryRun));
    }

    private static Target state(long publication) {
        return new Target.State(At.parse(String.valueOf(publication)));
    }

    private List<String> ids() {
        return ledger.rows("select id from bronze.notes order by id, _line");
    }

    @Test
    void positionsAreListedWithTheirHistoryAndAsRelations() {
        long first = landed();
        ledger.add("c 3 three");
        long second = landed();
        ledger.add("c 4 four", "c 5 five");

        assertThat(sources().positions(ALL, List.of(), At.MAIN))
                .singleElement()
                .satisfies(p -> {
                    assertThat(p.table().toString()).isEqualTo("bronze.notes");
                    assertThat(p.part()).isEqualTo("lines");
                    assertThat(p.value()).isEqualTo("4");
                });
        assertThat(sources().positions(ALL, List.of(), At.parse("" + first)))
                .extracting(Sources.Position::value)
                .containsExactly("3");
        assertThat(sources().history(ALL, List.of(), RefName.MAIN, 10))
                .extracting(p -> p.value().orElse("-") + "@" + p.publication().id())
                .containsExactly("4@" + second, "3@" + first);
        assertThat(sources().behind(ALL, List.of(), At.MAIN))
                .singleElement()
                .satisfies(b -> assertThat(b.lag().rows()).isEqualTo(2));
        assertThat(
                        ledger.rows(
                                "select table_schema, table_name, part, position from warehouse_contents.positions"))
                .containsExactly("bronze|notes|lines|4");
        assertThat(
                        ledger.rows(
                                "select position, publication, run is not null from warehouse_contents.position_history order by publication"))
                .containsExactly("3|" + first + "|true", "4|" + second + "|true");
    }

    @Test
    void aTableGoesBackWithItsPositionSoThatRowsLandOnce() {
        long first = landed();
        ledger.add("c 3 three", "c x bad");
        landed();
        assertThat(ids()).containsExactly("1", "2", "3");
        assertThat(ledger.rows("select _raw from bronze.notes__quarantine")).hasSize(1);

        Rewind.Result told = rewind(state(first), List.of(), false, true);
        assertThat(told.publication()).isEmpty();
        assertThat(told.moved())
                .containsExactly(
                        new Rewind.Moved(
                                told.tables().getFirst().table(),
                                "lines",
                                java.util.Optional.of("5"),
                                java.util.Optional.of("3")));
        assertThat(told.tables().getFirst().rows()).isEqualTo(3);
        assertThat(told.tables().getFirst().rowsThen()).isEqualTo(2);
        assertThat(told.tables().getFirst().again().rows()).isEqualTo(2);
        assertThat(ids()).hasSize(3);

        assertThat(rewind(state(first), List.of(), false, false).publication()).isPresent();
        assertThat(ids()).containsExactly("1", "2");
        assertThatThrownBy(() -> ledger.rows("select * from bronze.notes__quarantine"))
                .hasMessageContaining("TABLE_NOT_FOUND");
        landed();
        assertThat(ids()).containsExactly("1", "2", "3");
        assertThat(ledger.rows("select _raw from bronze.notes__quarantine")).hasSize(1);
    }

    @Test
    void whereRowsStayTheyAreReadASecondTime() {
        landed();
        rewind(new Target.Start(), List.of(), true, false);
        landed();
        assertThat(ids()).containsExactly("1", "1", "2", "2");

        rewind(new Target.Value("2"), List.of("lines"), true, false);
        landed();
        assertThat(ids()).containsExactly("1", "1", "2", "2", "2");
    }

    @Test
    void fromTheStartATableIsMadeAnew() {
        landed();
        rewind(new Target.Start(), List.of(), false, false);
        ledger.add("c 3 three");
        landed();
        assertThat(ids()).containsExactly("1", "2", "3");
        assertThatThrownBy(() -> rewind(state(1_000_000), List.of(), false, true))
                .hasMessageStartingWith("There is no publication 1000000")
                .hasMessageEndingWith("[PUBLICATION_NOT_FOUND]");
    }

    @Test
    void aFileHasNoPositionsOfOtherKinds() {
        ledger.shop().put("landing/1.csv", "id\n1\n");
        ledger.shop()
                .put(
                        "models/files.yml",
                        "version: 2\nsources:\n  - name: files\n    schema: bronze\n    tables:\n      - name: people\n        ingest: {location: landing}\n");
        ledger.shop().reopen();
        landed();
        Rewind garbage =
                new Rewind(
                        List.of("source:files.people"),
                        List.of(),
                        RefName.MAIN,
                        new Target.Value("garbage"),
                        List.of("landing/1.csv"),
                        true,
                        true);

        assertThatThrownBy(() -> sources().rewind(garbage))
                .hasMessage(
                        "'garbage' is no position of a file of bronze.people. `tarn positions` shows those there are; to have a file read again, go back to the start of it: --part FILE --to start --keep-rows. [USAGE]");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        landed();
        assertThatThrownBy(() -> rewind(state(1), List.of("lines"), false, false))
                .hasMessage(
                        "A table goes back as a whole, so --part needs --keep-rows: rows of the part are then read a second time. [USAGE]");
        assertThatThrownBy(() -> rewind(new Target.Start(), List.of("x"), true, false))
                .hasMessage("bronze.notes has no part 'x'. It has: lines. [USAGE]");
        assertThatThrownBy(() -> rewind(new Target.Value("7"), List.of(), true, false))
                .hasMessage("A position is one of a single part. Name it with --part. [USAGE]");
    }
}
