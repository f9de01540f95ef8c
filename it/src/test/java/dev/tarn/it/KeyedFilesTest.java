package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.model.Problem;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose rows take the place of others, and folders that a table mirrors. */
final class KeyedFilesTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private void source(String settings) {
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: crm
                    schema: bronze
                    tables:
                      - name: people
                        ingest: {location: landing%s}
                """
                        .formatted(settings));
    }

    private String message() {
        RunReport report = shop.build();
        assertThat(report.problems()).isEmpty();
        assertThat(report.run().status()).isIn(RunStatus.PUBLISHED, RunStatus.UNCHANGED);
        return report.tasks().getFirst().message().orElse("");
    }

    private List<String> rows(String columns) {
        return shop.rows("select " + columns + " from bronze.people order by all", "main");
    }

    private List<String> quarantine() {
        return shop.rows(
                "select _file, _row, _reason from bronze.people__quarantine order by all", "main");
    }

    private String replay() {
        RunReport report =
                shop.tarn()
                        .sources()
                        .quarantine()
                        .replay(
                                new BuildRequest(
                                        "quarantine replay",
                                        EnumSet.of(NodeKind.SOURCE),
                                        List.of(),
                                        List.of(),
                                        RefName.MAIN,
                                        false,
                                        false,
                                        Optional.empty()),
                                "true",
                                RunListener.SILENT,
                                new Cancellation());
        assertThat(report.problems()).isEmpty();
        return report.tasks().getFirst().message().orElse("");
    }

    @Test
    void theLastRowOfAKeyStaysInTheOrderOfFilesAndLines() {
        source(", key: id");
        shop.put("landing/1.csv", "id,name\n1,a\n2,b\n1,c\n");
        shop.put("landing/2.csv", "id,name\n3,d\n2,e\n");
        assertThat(message()).isEqualTo("2 files");
        assertThat(rows("id, name, _file, _row"))
                .containsExactly(
                        "1|c|landing/1.csv|4", "2|e|landing/2.csv|3", "3|d|landing/2.csv|2");

        shop.put("landing/3.csv", "id,name,town\n1,f,here\n");
        assertThat(message()).isEqualTo("1 file");
        assertThat(rows("id, name, town")).containsExactly("1|f|here", "2|e|null", "3|d|null");
        assertThat(
                        shop.rows(
                                "select rows, quarantined from warehouse_contents.batches order by publication",
                                "main"))
                .containsExactly("5|0", "1|0");
    }

    @Test
    void whereACursorSaysSoRowsMayComeInAnyOrder() {
        source(", key: id, cursor: at");
        shop.put(
                "landing/1.csv",
                "id,name,at\n1,new,2026-03-02\n1,old,2026-03-01\n2,b,2026-03-05\n");
        message();
        assertThat(rows("id, name")).containsExactly("1|new", "2|b");
        shop.put("landing/2.csv", "id,name,at\n1,older,2026-02-01\n1,never,\n2,c,2026-03-06\n");
        assertThat(message()).isEqualTo("1 file, 2 are older than what is there");
        assertThat(rows("id, name")).containsExactly("1|new", "2|c");
    }

    @Test
    void allVersionsAreKept() {
        source(", key: id, cursor: at, write: scd2");
        shop.put("landing/1.csv", "id,name,at\n1,a,2026-03-01 10:00:00\n1,b,2026-03-02 10:00:00\n");
        message();
        shop.put(
                "landing/2.csv",
                "id,name,at\n1,c,2026-03-03 10:00:00\n2,x,2026-03-03 11:00:00\n1,gone,2026-03-01 12:00:00\n");
        assertThat(message()).isEqualTo("1 file, 1 are older than what is there");
        assertThat(rows("id, name, _valid_from, _valid_to"))
                .containsExactly(
                        "1|a|2026-03-01T10:00:00Z|2026-03-02T10:00:00Z",
                        "1|b|2026-03-02T10:00:00Z|2026-03-03T10:00:00Z",
                        "1|c|2026-03-03T10:00:00Z|null",
                        "2|x|2026-03-03T11:00:00Z|null");
    }

    @Test
    void allRowsOfAKeyAreReplacedTogether() {
        source(", key: orders, write: delete+insert");
        shop.put("landing/1.csv", "orders,line\n1,a\n1,b\n2,c\n");
        message();
        shop.put("landing/2.csv", "orders,line\n1,d\n1,e\n1,f\n");
        message();
        assertThat(rows("orders, line")).containsExactly("1|d", "1|e", "1|f", "2|c");
    }

    @Test
    void rowsWithoutAKeyTakeNobodysPlace() {
        source(", key: id");
        shop.put(
                "landing/1.json",
                "[{\"id\": 1, \"name\": \"a\"}, {\"name\": \"b\"}, {\"id\": null}]");
        shop.put("landing/2.csv", "name\nc\n");
        assertThat(message()).isEqualTo("2 files, 3 to quarantine");
        assertThat(rows("id, name")).containsExactly("1|a");
        assertThat(quarantine())
                .containsExactly(
                        "landing/1.json|2|is not as expected: 'id', which names the row, is not null",
                        "landing/1.json|3|is not as expected: 'id', which names the row, is not null",
                        "landing/2.csv|null|has no column 'id', which names a row");

        for (String landed :
                List.of("0 landed, 2 stay in quarantine", "0 landed, 2 stay in quarantine")) {
            assertThat(replay()).isEqualTo(landed);
            assertThat(quarantine()).hasSize(3).last().asString().contains("has no column 'id'");
        }
        shop.tarn()
                .sources()
                .quarantine()
                .fix(
                        List.of(),
                        RefName.MAIN,
                        "'{\"id\": 7, \"name\": \"b\"}'",
                        "_row = 2",
                        Optional.empty(),
                        new Cancellation());
        assertThat(replay()).isEqualTo("1 landed, 1 stay in quarantine");
        assertThat(rows("id, name")).containsExactly("1|a", "7|b");
    }

    @Test
    void rowsThatCameBeforeAreLeftOutAndLateOnesCounted() {
        source(
                ", deduplicate: {key: [id], within: 7 days}, event_time: {column: at, lateness: 10 minutes}");
        shop.put(
                "landing/1.csv",
                "id,at\n1,2026-03-01 10:00:00\n1,2026-03-01 10:00:01\n2,2026-03-01 10:00:00\n");
        assertThat(message()).isEqualTo("1 file, 1 had landed before");
        shop.put(
                "landing/2.csv",
                "id,at\n2,2026-03-02 10:00:00\n3,2026-03-01 09:00:00\n4,2026-03-01 09:55:00\n");
        assertThat(message()).isEqualTo("1 file, 1 had landed before, 1 late");
        assertThat(rows("id, _file, _row"))
                .containsExactly(
                        "1|landing/1.csv|2",
                        "2|landing/1.csv|4",
                        "3|landing/2.csv|3",
                        "4|landing/2.csv|4");
        assertThat(
                        shop.rows(
                                "select rows, duplicates, late, bytes, first_event, newest_event from warehouse_contents.batches order by publication",
                                "main"))
                .containsExactly(
                        "2|1|0|72|2026-03-01T10:00:00Z|2026-03-01T10:00:01Z",
                        "2|1|1|72|2026-03-01T09:00:00Z|2026-03-02T10:00:00Z");
        RunReport again =
                shop.tarn()
                        .ingest(
                                new BuildRequest(
                                        "ingest",
                                        EnumSet.of(NodeKind.SOURCE),
                                        List.of("source:crm"),
                                        List.of(),
                                        RefName.MAIN,
                                        true,
                                        false,
                                        Optional.empty()),
                                false,
                                RunListener.SILENT,
                                new Cancellation());
        assertThat(again.tasks().getFirst().message()).contains("2 files, 2 had landed before");
    }

    @Test
    void aTableMirrorsTheFilesThatAreThere() {
        source(", mode: snapshot");
        shop.put("landing/1.csv", "id,name\n1,a\n2,b\n");
        shop.put("landing/2.csv", "id,name\n3,x,y\n");
        assertThat(message()).isEqualTo("2 files, 1 to quarantine");
        assertThat(message()).isEqualTo("no new files");
        shop.put("landing/1.csv", "id,name,town\n1,changed,here\n");
        assertThat(message()).isEqualTo("2 files, 1 to quarantine");
        assertThat(rows("id, name, town")).containsExactly("1|changed|here");
        assertThat(quarantine()).hasSize(1);
        shop.remove("landing/2.csv");
        assertThat(message()).isEqualTo("1 file");
        assertThat(rows("id, name, town")).containsExactly("1|changed|here");
        assertThat(shop.rows("select count(*) from warehouse_contents.positions", "main"))
                .containsExactly("1");
        shop.remove("landing/1.csv");
        assertThat(message()).isEqualTo("no files");
        assertThat(rows("id, name, town")).containsExactly("1|changed|here");
    }

    @Test
    void aTableThatWasMadeOfAnEmptyFileTakesTheColumnsOfTheFirstRows() {
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: crm
                    schema: bronze
                    tables:
                      - name: held
                        ingest: {location: landing, schema_policy: hold}
                      - name: people
                        ingest: {location: landing, schema_policy: quarantine}
                """);
        shop.put("landing/1.csv", "");
        message();
        shop.put("landing/2.csv", "id,name\n1,a\n");
        message();
        shop.put("landing/3.csv", "id,name,town\n2,b,here\n");
        assertThat(shop.build().problems().getFirst().message())
                .startsWith(
                        "What came for bronze.held does not have the table's columns: 'town' is new.");
        assertThat(rows("id, name")).containsExactly("1|a");
        assertThat(shop.rows("select id, name from bronze.held", "main")).containsExactly("1|a");
    }

    @Test
    void whatIsWrittenWronglyIsRefusedTogether() {
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: crm
                    schema: bronze
                    tables:
                      - name: a
                        ingest: {location: landing, mode: incremental}
                      - name: b
                        ingest: {location: landing, mode: snapshot, key: id}
                      - name: c
                        ingest: {location: landing, write: upsert}
                      - name: d
                        ingest: {location: landing, cursor: at}
                      - name: e
                        ingest: {location: landing, key: id, deduplicate: {key: [id]}}
                """);
        assertThatThrownBy(shop::build)
                .isInstanceOfSatisfying(
                        TarnException.class,
                        e ->
                                assertThat(e.problems())
                                        .extracting(Problem::toString)
                                        .containsExactly(
                                                "models/sources.yml:7:43: Source 'crm.a': 'ingest' 'mode' cannot be 'incremental': it is snapshot, or left out: then each file lands once. [CONFIG_INVALID]",
                                                "models/sources.yml:9:58: 'key' is for files that land once; with 'mode: snapshot' the table has all rows of the files that are there. [CONFIG_INVALID]",
                                                "models/sources.yml:11:44: 'write' of files needs the 'key', the columns that name a row. Add it. [CONFIG_INVALID]",
                                                "models/sources.yml:13:45: 'cursor' of files needs the 'key', the columns that name a row. Add it. [CONFIG_INVALID]",
                                                "models/sources.yml:15:59: 'deduplicate' is for rows that are added; with 'write: upsert' a row takes the place of the one with its key. [CONFIG_INVALID]"));
    }

    @Test
    void aKeyThatNoFileHasIsSaid() {
        source(", key: number");
        shop.put("landing/1.csv", "id,name\n1,a\n");
        assertThatThrownBy(shop::build)
                .hasMessageContaining(
                        "models/sources.yml:7:17: The key 'number' is no column of the rows.");
    }
}
