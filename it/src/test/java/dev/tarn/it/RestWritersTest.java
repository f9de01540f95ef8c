package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many clients at once: what a client was told is committed is there, once. */
final class RestWritersTest {
    private static final int WRITERS = 10;
    private static final int COMMITS = 6;
    private static final Namespace SALES = Namespace.of("sales");
    private static final Schema SCHEMA =
            new Schema(
                    Types.NestedField.required(1, "writer", Types.LongType.get()),
                    Types.NestedField.required(2, "number", Types.LongType.get()));
    private static final Map<String, String> PATIENT =
            Map.of(
                    "format-version", "3",
                    "commit.retry.num-retries", "200",
                    "commit.retry.min-wait-ms", "5",
                    "commit.retry.max-wait-ms", "100");

    @TempDir Path folder;

    private RestServer server;
    private RESTCatalog catalog;

    @BeforeEach
    void start() {
        server = new RestServer(folder);
        catalog = server.catalog("main");
        catalog.createNamespace(SALES);
    }

    @AfterEach
    void stop() throws Exception {
        catalog.close();
        server.close();
    }

    private void together(List<Callable<Void>> works) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(works.size())) {
            for (Future<Void> work : threads.invokeAll(works)) {
                work.get();
            }
        }
    }

    private Callable<Void> writer(long number, String table) {
        return () -> {
            try (RESTCatalog mine = server.catalog("main")) {
                Table target = mine.loadTable(TableIdentifier.of(SALES, table));
                for (long i = 0; i < COMMITS; i++) {
                    ForeignIceberg.append(target, List.of(ForeignIceberg.row(SCHEMA, number, i)));
                }
            }
            return null;
        };
    }

    private void make(String table) {
        catalog.createTable(
                TableIdentifier.of(SALES, table), SCHEMA, PartitionSpec.unpartitioned(), PATIENT);
    }

    @Test
    void onOneTableNoCommitIsLost() throws Exception {
        make("orders");
        List<Callable<Void>> writers = new ArrayList<>();
        for (long w = 0; w < WRITERS; w++) {
            writers.add(writer(w, "orders"));
        }
        together(writers);
        assertThat(
                        server.workshop()
                                .rows(
                                        "select count(*), count(distinct (writer, number)) from sales.orders"))
                .containsExactly(WRITERS * COMMITS + "|" + WRITERS * COMMITS);
        assertThat(catalog.loadTable(TableIdentifier.of(SALES, "orders")).snapshots())
                .hasSize(WRITERS * COMMITS);
    }

    @Test
    void onManyTablesNobodyIsInTheWayOfOthers() throws Exception {
        List<Callable<Void>> writers = new ArrayList<>();
        for (long w = 0; w < WRITERS; w++) {
            make("t" + w);
            writers.add(writer(w, "t" + w));
        }
        together(writers);
        for (int w = 0; w < WRITERS; w++) {
            assertThat(server.workshop().rows("select count(*) from sales.t" + w))
                    .containsExactly(Integer.toString(COMMITS));
        }
    }
}
