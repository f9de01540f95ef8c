package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.http.ApiServer;
import dev.tarn.http.ApiServer.Reply;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.mqtt.MqttBroker;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of columns that nobody expected does not depend on the door they come by. */
final class DriftByDoorTest {
    /** Where records come from. */
    enum Door {
        API,
        SINGER,
        AIRBYTE,
        MQTT
    }

    @TempDir private static Path kept;
    private static MqttBroker broker;

    private final List<String> records = new ArrayList<>();
    private Workshop shop;
    private ApiServer api;

    @TempDir Path folder;

    @BeforeAll
    static void start() throws Exception {
        broker = MqttBroker.start(kept);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void begin() throws IOException {
        shop = new Workshop(folder);
        api = ApiServer.start();
        api.put("/rows", call -> Reply.json(after(Integer.parseInt(call.query("since", "0")))));
    }

    @AfterEach
    void end() {
        shop.close();
        api.close();
    }

    private String after(int id) {
        return records.stream()
                .filter(r -> Integer.parseInt(r.replaceFirst(".*\"id\":(\\d+).*", "$1")) > id)
                .collect(Collectors.joining(",", "[", "]"));
    }

    private String ingest(Door door) {
        return switch (door) {
            case API ->
                    "connector: rest\nurl: %s\npath: rows\ncursor: id\ncursor_param: since"
                            .formatted(api.url());
            case SINGER, AIRBYTE ->
                    "connector: %s\ncommand: \"%s\"\nstream: rows\nconfig: {file: %s}"
                            .formatted(
                                    door.name().toLowerCase(java.util.Locale.ROOT),
                                    TestTap.command(),
                                    folder.resolve("rows.txt"));
            case MQTT ->
                    "connector: mqtt\nurl: %s\ntopic: %s"
                            .formatted(broker.url(), folder.getFileName());
        };
    }

    private void source(Door door, String policy) {
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: doors
                    schema: bronze
                    tables:
                      - name: t
                        ingest:
                %s          schema_policy: %s
                """
                        .formatted(ingest(door).indent(10), policy));
        shop.reopen();
    }

    private void tell(Door door, String... told) throws IOException {
        records.addAll(List.of(told));
        Files.write(
                folder.resolve("rows.txt"),
                List.of(told),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        if (door == Door.MQTT) {
            for (String record : told) {
                broker.send(folder.getFileName().toString(), record, 1);
            }
        }
    }

    private RunReport land() {
        return shop.tarn()
                .ingest(Ledger.request(false), false, RunListener.SILENT, new Cancellation());
    }

    private void assertLands() {
        assertThat(land().problems()).isEmpty();
    }

    /** A table that has a row, and a source that tells on. */
    private void table(Door door, String policy) throws IOException {
        source(door, policy);
        if (door == Door.MQTT) {
            // A session begins.
            assertLands();
        }
        tell(door, "{\"id\":1,\"n\":1}");
        assertLands();
    }

    private List<String> aside() {
        return shop.rows("select _column, _reason from bronze.t__quarantine order by all");
    }

    @ParameterizedTest
    @EnumSource
    void newColumnsAreAddedAndWhatIsNoNumberIsPutAside(Door door) throws IOException {
        table(door, "evolve");
        tell(door, "{\"id\":2,\"n\":2,\"extra\":\"x\"}", "{\"id\":3,\"n\":\"text\"}");
        assertLands();

        assertThat(shop.rows("select id, n, extra from bronze.t order by id"))
                .containsExactly("1|1|null", "2|2|x");
        assertThat(aside()).containsExactly("n|'text' is no BIGINT");
    }

    @ParameterizedTest
    @EnumSource
    void rowsWithWhatTheTableLacksAreKeptApart(Door door) throws IOException {
        table(door, "quarantine");
        tell(door, "{\"id\":2,\"n\":2,\"extra\":\"x\"}", "{\"id\":3,\"n\":\"text\"}");
        tell(door, "{\"id\":4,\"n\":4,\"extra\":null}");
        assertLands();

        assertThat(shop.rows("select id, n from bronze.t order by id"))
                .containsExactly("1|1", "4|4");
        assertThat(aside())
                .containsExactly("extra|the table has no column 'extra'", "n|'text' is no BIGINT");
    }

    @ParameterizedTest
    @EnumSource
    void aSourceIsHeldUntilSomebodyDecides(Door door) throws IOException {
        table(door, "hold");
        tell(door, "{\"id\":2,\"n\":2,\"extra\":\"x\"}");
        for (int i = 0; i < 2; i++) {
            assertThat(land().problems().stream().map(Problem::code))
                    .containsExactly(ErrorCode.SOURCE_HELD);
        }
        assertThat(shop.rows("select id, n from bronze.t")).containsExactly("1|1");

        source(door, "evolve");
        assertLands();
        assertThat(shop.rows("select id, n, extra from bronze.t order by id"))
                .containsExactly("1|1|null", "2|2|x");
    }
}
