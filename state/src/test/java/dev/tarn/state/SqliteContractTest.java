package dev.tarn.state;

import dev.tarn.spi.CatalogContract;
import dev.tarn.spi.WarehouseContract.Warehouse;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** SQLite keeps every contract. */
final class SqliteContractTest {
    @TempDir Path folder;

    private Warehouse open(Clock clock) {
        StateStore store = StateStore.open(StateConfig.Sqlite.in(folder), clock);
        return new Warehouse(store.catalog(), store.runs());
    }

    @Nested
    final class Entries extends CatalogContract {
        @Override
        protected Warehouse emptyWarehouse(Clock clock) {
            return open(clock);
        }
    }
}
