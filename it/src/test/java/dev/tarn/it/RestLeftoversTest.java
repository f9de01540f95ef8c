package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and tables that clients of the REST catalog no longer need, or are not offered. */
final class RestLeftoversTest {
    private static final Namespace SALES = Namespace.of("sales");
    private static final Schema SCHEMA =
            new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));

    @TempDir Path folder;

    private RestServer server;
    private RESTCatalog main;

    @BeforeEach
    void start() {
        server = new RestServer(folder);
        main = server.catalog("main");
        main.createNamespace(SALES);
    }

    @AfterEach
    void stop() throws IOException {
        main.close();
        server.close();
    }

    private void view(String name, String sql) {
        main.buildView(TableIdentifier.of(SALES, name))
                .withSchema(SCHEMA)
                .withDefaultNamespace(SALES)
                .withQuery("duckdb", sql)
                .createOrReplace();
    }

    private long files() throws IOException {
        Path views = folder.resolve(".tarn/warehouse/views");
        try (Stream<Path> all = Files.walk(views)) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void filesOfViewsThatNothingReachesAreRemoved() throws IOException {
        view("one", "select 1::bigint as id");
        view("one", "select 2::bigint as id");
        view("two", "select 3::bigint as id");
        main.dropView(TableIdentifier.of(SALES, "two"));
        assertThat(files()).isEqualTo(3);
        try (Tarn later = later(Duration.ofHours(2))) {
            assertThat(later.clean(false).removed()).isEmpty();
        }
        assertThat(files()).isEqualTo(3);
        Duration history = Duration.ofDays(40);
        try (Tarn later = later(history)) {
            later.maintain(
                    new dev.tarn.app.MaintainRequest(
                            dev.tarn.model.RefName.MAIN,
                            java.util.List.of(),
                            Duration.ofMinutes(1),
                            Long.MAX_VALUE,
                            true),
                    done -> {},
                    () -> false);
        }
        assertThat(files()).isEqualTo(1);
        assertThat(main.loadView(TableIdentifier.of(SALES, "one")).sqlFor("duckdb").sql())
                .isEqualTo("select 2::bigint as id");
    }

    @Test
    void aTableThatIsOfferedAsDeltaOnlyIsNotReadAsIceberg() {
        TableIdentifier only = TableIdentifier.of(SALES, "only");
        main.buildTable(only, SCHEMA)
                .withProperties(Map.of("tarn.formats", "iceberg,delta"))
                .create();
        assertThat(main.loadTable(only).schema().columns()).hasSize(1);
        TableIdentifier delta = TableIdentifier.of(SALES, "delta");
        sql("create table sales.delta (id bigint) with ('tarn.formats' = 'delta')");
        assertThatThrownBy(() -> main.loadTable(delta))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining(
                        "sales.delta is offered as delta only: its property tarn.formats leaves iceberg out.");
        assertThat(main.listTables(SALES)).containsExactly(only);

        sql("alter table sales.delta set tblproperties ('tarn.formats' = 'iceberg, delta')");
        assertThat(main.listTables(SALES)).containsExactlyInAnyOrder(only, delta);
        sql("alter table sales.delta set tblproperties ('tarn.formats' = 'delta')");
        assertThat(main.listTables(SALES)).containsExactly(only);
    }

    private void sql(String statement) {
        server.workshop()
                .tarn()
                .execute(SqlText.ofFile(statement, "sql"), RefName.MAIN, new Cancellation());
    }

    private Tarn later(Duration by) {
        return Tarn.open(
                new OpenRequest(
                        folder,
                        Optional.empty(),
                        Map.of(),
                        Optional.empty(),
                        System.getenv(),
                        Clock.offset(Clock.systemUTC(), by),
                        note -> {}));
    }
}
