package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.http.ApiServer;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.mqtt.MqttBroker;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import dev.tarn.storage.SftpFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A record of fifty megabytes, or of a million names, between small ones: it lands or is put aside
 * with its reason, and the others land, whatever the source is. Databases, Kafka and what is pushed
 * have tests of their own.
 */
final class LargeMessagesTest {
    private static final String LARGE = "{\"id\":2,\"text\":\"" + "x".repeat(50_000_000) + "\"}";
    private static final String TOO_LARGE =
            "{\"id\":3,\"text\":\"" + "x".repeat(70_000_000) + "\"}";

    private static final String WIDE =
            IntStream.range(0, 1_000_000)
                    .mapToObj(i -> "\"c" + i + "\":" + i)
                    .collect(Collectors.joining(",", "{\"id\":5,", "}"));
    private static final String TOO_WIDE =
            "has names that would make more than 1,000 columns; declare a column as VARIANT, or take the document as text";

    private Workshop shop;

    @TempDir Path folder;

    @BeforeEach
    void begin() {
        shop = new Workshop(folder.resolve("project"));
    }

    @AfterEach
    void end() {
        shop.close();
    }

    private void source(String ingest) {
        shop.put(
                        "models/sources.yml",
                        """
                        version: 2
                        sources:
                          - name: large
                            schema: bronze
                            tables:
                              - name: t
                                ingest:
                        %s
                        """
                                .formatted(ingest.indent(10).stripTrailing()))
                .reopen();
    }

    private RunReport ingest() {
        return shop.tarn()
                .ingest(Ledger.request(false), false, RunListener.SILENT, new Cancellation());
    }

    private void land() {
        assertThat(ingest().problems()).isEmpty();
    }

    private Problem problem() {
        try {
            return ingest().problems().getFirst();
        } catch (TarnException e) {
            return e.problems().getFirst();
        }
    }

    private List<String> landed() {
        return shop.rows("select id, length(text) from bronze.t order by id");
    }

    private List<String> aside() {
        return shop.rows(
                "select _row, _reason, length(_raw) from bronze.t__quarantine order by _row");
    }

    @Test
    void anAnswerOfAnApi() throws Exception {
        try (ApiServer api = ApiServer.start()) {
            api.put("/t", "[{\"id\":1}," + LARGE + "," + WIDE + ",{\"id\":4}]");
            source(
                    "{connector: rest, url: \"%s\", path: t, max_response: 1MB}"
                            .formatted(api.url()));
            assertThat(problem().toString())
                    .endsWith(
                            "/t answers with more than 1,048,576 bytes. Ask for smaller pages, or raise 'max_response'. [SOURCE_UNREADABLE]");
            source(
                    "{connector: rest, url: \"%s\", path: t, max_response: 80MB}"
                            .formatted(api.url()));
            land();
        }
        assertThat(aside()).containsExactly("3|" + TOO_WIDE + "|" + WIDE.length());
        assertThat(landed()).containsExactly("1|null", "2|50000000", "4|null");
    }

    @Test
    void aMessageOfMqtt() throws Exception {
        try (MqttBroker broker = MqttBroker.start(folder.resolve("broker"))) {
            source("{connector: mqtt, url: \"%s\", topic: large}".formatted(broker.url()));
            land();
            for (String message : List.of("{\"id\":1}", LARGE, WIDE, "{\"id\":4}")) {
                broker.send("large", message, 1);
            }
            land();
        }
        assertThat(landed()).containsExactly("1|null", "2|50000000", "4|null");
        assertThat(aside()).containsExactly("3|" + TOO_WIDE + "|" + WIDE.length());
    }

    @Test
    void aLineOfATap() throws Exception {
        Files.write(folder.resolve("rows.txt"), List.of("{\"id\":1}", LARGE, WIDE, "{\"id\":4}"));
        String tap =
                "connector: singer\ncommand: \"%s\"\nstream: rows\nconfig: {file: %s}\n"
                        .formatted(TestTap.command(), folder.resolve("rows.txt"));
        source(tap + "max_message: 1");
        assertThat(problem().toString())
                .endsWith(
                        "told a line of more than 1,048,576 bytes. Raise 'max_message' if that is right. [SOURCE_UNREADABLE]");
        source(tap);
        land();

        assertThat(aside()).containsExactly("3|" + TOO_WIDE + "|" + WIDE.length());
        assertThat(landed()).containsExactly("1|null", "2|50000000", "4|null");
    }

    /** The whole of a longer one would have to be in memory. */
    @Test
    void aLineOfJson() {
        shop.put(
                "in/a.json", String.join("\n", "{\"id\":1}", LARGE, TOO_LARGE, "{\"id\":4}", WIDE));
        source("{location: in}");
        land();

        assertThat(landed()).containsExactly("1|null", "2|50000000", "4|null");
        assertThat(aside())
                .containsExactly(
                        "3|the record is longer than 64 MiB|67108864",
                        "5|the record has names that would make more than 10,000 columns|"
                                + WIDE.length());
    }

    @Test
    void aMemberOfAListOfJson() {
        shop.put("in/a.json", "[{\"id\":1}," + WIDE + "," + LARGE + ",{\"id\":4}]");
        source("{location: in}");
        land();

        assertThat(aside())
                .containsExactly(
                        "2|the record has names that would make more than 10,000 columns|"
                                + WIDE.length());

        assertThat(landed()).containsExactly("1|null", "2|50000000", "4|null");
    }

    @Test
    void aFieldInAFileOfCsvThatIsFetched() throws Exception {
        Path files = folder.resolve("files");
        try (SftpFolder server = SftpFolder.start(files)) {
            server.knownHosts(shop.root().resolve("known"));
            Files.writeString(folder.resolve("password"), SftpFolder.PASSWORD);
            shop.put(
                    "tarn.yml",
                    "sftp:\n  password: file:%s\n  known_hosts: known\n"
                            .formatted(folder.resolve("password")));
            Files.createDirectories(files.resolve("out"));
            Files.writeString(
                    files.resolve("out/a.csv"),
                    "id,text\n1,a\n2,"
                            + "x".repeat(50_000_000)
                            + "\n3,"
                            + "y".repeat(4_000_000)
                            + "\n4,\n");
            source("{location: \"%s/out/*.csv\"}".formatted(server.root()));
            land();
        }
        assertThat(landed()).containsExactly("1|1", "3|4000000", "4|null");
        assertThat(aside()).containsExactly("3|the record is longer than 4 MiB|4194304");
    }

    @Test
    void aValueOfSqlite() throws Exception {
        try (Connection sqlite =
                        DriverManager.getConnection(
                                "jdbc:sqlite:" + shop.root().resolve("app.db"));
                Statement statement = sqlite.createStatement()) {
            statement.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT, b BLOB)");
            statement.execute(
                    "INSERT INTO t VALUES (1, 'a', NULL), (2, printf('%.*c', 50000000, 'x'), zeroblob(50000000)), (4, NULL, NULL)");
        }
        source("{connector: sqlite, url: app.db, table: t, cursor: id}");
        land();

        assertThat(shop.rows("select id, length(text), octet_length(b) from bronze.t order by id"))
                .containsExactly("1|1|null", "2|50000000|50000000", "4|null|null");
    }
}
