package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.run.RunStatus;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources that tell changes in order: what tables become of them. */
final class SourceChangesTest {
    private static final String COLUMNS = "#id BIGINT,text VARCHAR,at TIMESTAMPTZ";
    private static final String STATE = "changes: true\nwrite: upsert";

    @TempDir Path folder;

    private static long landed(Ledger ledger) {
        RunReport report = ledger.ingest();
        assertThat(report.problems()).isEmpty();
        assertThat(report.run().status()).isEqualTo(RunStatus.PUBLISHED);
        return report.run().publication().orElseThrow().value();
    }

    private static String time(int second) {
        return Instant.parse("2026-11-01T00:00:00Z").plusSeconds(second).toString();
    }

    @Test
    void theLastChangeOfARowDecidesAndRowsKeepTheirIds() {
        try (Ledger ledger = new Ledger(folder, STATE)) {
            ledger.add(COLUMNS, "c 1 one ", "c 2 two ", "c 3 three ", "u 2 deux ");
            long first = landed(ledger);
            ledger.add("u 1 uno ", "d 3  ", "c 4 four ", "u 4 quatre ", "c 5 five ", "d 5  ");
            ledger.add("m   ");
            long second = landed(ledger);

            assertThat(ledger.rows("select id, text, _line from bronze.notes order by id"))
                    .containsExactly("1|uno|5", "2|deux|4", "4|quatre|8");
            assertThat(
                            ledger.rows(
                                    "select _change, id, text from bronze.notes changes (from => %d) order by id, _change desc"
                                            .formatted(first)))
                    .containsExactly(
                            "update_before|1|one",
                            "update_after|1|uno",
                            "deleted|3|three",
                            "inserted|4|quatre");
            assertThat(second).isGreaterThan(first);
        }
    }

    @Test
    void valuesThatAChangeDoesNotTellStayAsTheyAre() {
        try (Ledger ledger = new Ledger(folder, STATE)) {
            ledger.add(COLUMNS, "c 1 long " + time(1), "c 2 wide " + time(1));
            landed(ledger);
            ledger.add("u 1 ~ " + time(2), "u 2 new " + time(3), "u 2 ~ " + time(4));
            ledger.add("c 3 three " + time(5), "u 3 ~ " + time(6));
            landed(ledger);

            assertThat(ledger.rows("select id, text, \"at\" from bronze.notes order by id"))
                    .containsExactly(
                            "1|long|2026-11-01T00:00:02Z",
                            "2|new|2026-11-01T00:00:04Z",
                            "3|three|2026-11-01T00:00:06Z");
        }
    }

    @Test
    void whatComesBehindATruncateIsAllThereIs() {
        try (Ledger ledger = new Ledger(folder, STATE)) {
            ledger.add(COLUMNS, "c 1 one ", "c 2 two ");
            landed(ledger);
            ledger.add("u 1 uno ", "t   ", "c 3 three ", "c 2 again ");
            landed(ledger);
            assertThat(ledger.rows("select id, text from bronze.notes order by id"))
                    .containsExactly("2|again", "3|three");
            ledger.add("t   ");
            landed(ledger);
            assertThat(ledger.rows("select count(*) from bronze.notes")).containsExactly("0");
        }
    }

    @Test
    void whereRowsAreAddedEachChangeIsOne() {
        try (Ledger ledger = new Ledger(folder, "changes: true")) {
            ledger.add(COLUMNS, "c 1 one ", "u 1 ~ " + time(1), "d 1  ", "t   ");
            landed(ledger);
            assertThat(
                            ledger.rows(
                                    "select _kind, _untold, id, text, _line from bronze.notes order by _line"))
                    .containsExactly(
                            "c|null|1|one|1",
                            "u|[\"text\"]|1|null|2",
                            "d|null|1|null|3",
                            "t|null|null|null|4");
        }
    }

    @Test
    void allRowsOfAKeyTakeThePlaceOfThoseThatHadIt() {
        try (Ledger ledger = new Ledger(folder, "changes: true\nwrite: delete+insert")) {
            ledger.add(COLUMNS, "c 1 a ", "c 1 b ", "c 2 c ");
            landed(ledger);
            ledger.add("c 1 d ", "c 1 e ", "c 1 f ", "d 2  ", "c 3 g ", "d 3  ", "c 3 h ");
            landed(ledger);
            assertThat(ledger.rows("select id, text from bronze.notes order by id, text"))
                    .containsExactly("1|d", "1|e", "1|f", "3|h");
        }
    }

    @Test
    void versionsFollowEachOtherByTheTimesOfTheChanges() {
        try (Ledger ledger = new Ledger(folder, "changes: true\nwrite: scd2")) {
            ledger.add(
                    COLUMNS,
                    "c 1 one " + time(1),
                    "u 1 uno " + time(2),
                    "u 1 eins " + time(2),
                    "c 2 two " + time(3));
            landed(ledger);
            ledger.add(
                    "u 1 eins " + time(4),
                    "u 1 un " + time(5),
                    "u 1 ~ " + time(6),
                    "d 2  " + time(7),
                    "c 2 back " + time(9),
                    "c 3 three " + time(9));
            landed(ledger);
            ledger.add("u 3 early " + time(8), "t   " + time(20), "c 3 late " + time(21));
            landed(ledger);

            assertThat(
                            ledger.rows(
                                    "select id, text, second(_valid_from), second(_valid_to) from bronze.notes order by id, _line"))
                    .containsExactly(
                            "1|one|1|2",
                            "1|eins|2|5",
                            "1|un|5|20",
                            "2|two|3|7",
                            "2|back|9|20",
                            "3|three|9|9",
                            "3|early|9|20",
                            "3|late|21|null");
        }
    }

    @Test
    void withoutAKeyRowsCannotChangeOthers() {
        try (Ledger ledger = new Ledger(folder, "write: upsert")) {
            ledger.add(COLUMNS, "c 1 one ");
            assertThat(ledger.ingest().problems().getFirst().message())
                    .isEqualTo(
                            "'write: upsert' needs the 'key' of a row, and the source does not know it.");
        }
    }

    /** What a table must be after changes, worked out one after the other. */
    private static final class Model {
        private final TreeMap<Integer, String> state = new TreeMap<>();

        void apply(String line) {
            String[] parts = line.split(" ", -1);
            switch (parts[0]) {
                case "t" -> state.clear();
                case "d" -> state.remove(Integer.valueOf(parts[1]));
                default -> {
                    int id = Integer.parseInt(parts[1]);
                    if (!parts[2].equals("~")) {
                        state.put(id, parts[2]);
                    }
                }
            }
        }

        List<String> rows() {
            List<String> rows = new ArrayList<>();
            state.forEach((id, text) -> rows.add(id + "|" + text));
            return rows;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anyChangesInAnyBatchesGiveTheStateBehindThem(long seed) {
        Random random = new Random(seed);
        String flush = "\nflush: {rows: %d}".formatted(3 + random.nextInt(20));
        String config =
                switch ((int) seed) {
                    case 1 -> "{format_version: 2}";
                    case 2 -> "{table_properties: {write.mode: copy-on-write}}";
                    default -> "{}";
                };
        String write = seed == 3 ? "scd2" : "upsert";
        try (Ledger ledger = new Ledger(folder, "changes: true\nwrite: " + write + flush, config)) {
            Model model = new Model();
            List<String> lines = new ArrayList<>(List.of(COLUMNS));
            for (int i = 0; i < 150; i++) {
                int id = random.nextInt(12);
                boolean there = model.state.containsKey(id);
                String line =
                        switch (random.nextInt(12)) {
                            case 0 -> random.nextInt(4) == 0 ? "t   " : "m   ";
                            case 1, 2, 3 -> "d %d  ".formatted(id);
                            case 4, 5 ->
                                    there ? "u %d ~ ".formatted(id) : "c %d n%d ".formatted(id, i);
                            default -> "%s %d v%d ".formatted(there ? "u" : "c", id, i);
                        };
                line += time(i);
                if (!line.startsWith("m")) {
                    model.apply(line);
                }
                lines.add(line);
                if (random.nextInt(40) == 0) {
                    ledger.add(lines.toArray(String[]::new));
                    lines.clear();
                    ledger.ingest();
                }
            }
            ledger.add(lines.toArray(String[]::new));
            ledger.ingest();

            String now = write.equals("scd2") ? " where _valid_to is null" : "";
            assertThat(ledger.rows("select id, text from bronze.notes" + now + " order by id"))
                    .isEqualTo(model.rows());
        }
    }
}
