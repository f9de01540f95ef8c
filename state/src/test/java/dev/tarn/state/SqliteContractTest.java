package dev.tarn.state;

import dev.tarn.spi.AlertStore;
import dev.tarn.spi.AlertStoreContract;
import dev.tarn.spi.CatalogCommitContract;
import dev.tarn.spi.CatalogContract;
import dev.tarn.spi.CatalogHistoryContract;
import dev.tarn.spi.CatalogModelContract;
import dev.tarn.spi.JobStore;
import dev.tarn.spi.JobStoreContract;
import dev.tarn.spi.RunLogContract;
import dev.tarn.spi.WarehouseContract.Warehouse;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** SQLite keeps every contract. */
final class SqliteContractTest {
    @TempDir Path folder;
    private int opened;

    private Warehouse open(Clock clock) {
        StateStore store =
                StateStore.open(StateConfig.Sqlite.in(folder.resolve("w" + opened++)), clock);
        return new Warehouse(store.catalog(), store.runs());
    }

    @Nested
    final class Entries extends CatalogContract {
        @Override
        protected Warehouse emptyWarehouse(Clock clock) {
            return open(clock);
        }
    }

    @Nested
    final class Commits extends CatalogCommitContract {
        @Override
        protected Warehouse emptyWarehouse(Clock clock) {
            return open(clock);
        }
    }

    @Nested
    final class Histories extends CatalogHistoryContract {
        @Override
        protected Warehouse emptyWarehouse(Clock clock) {
            return open(clock);
        }
    }

    @Nested
    final class RandomHistories extends CatalogModelContract {
        @Override
        protected Warehouse emptyWarehouse(Clock clock) {
            return open(clock);
        }
    }

    @Nested
    final class Runs extends RunLogContract {
        @Override
        protected Warehouse emptyWarehouse(Clock clock) {
            return open(clock);
        }
    }

    @Nested
    final class Jobs extends JobStoreContract {
        @Override
        protected JobStore emptyStore() {
            return StateStore.open(
                            StateConfig.Sqlite.in(folder.resolve("j" + opened++)),
                            Clock.systemUTC())
                    .jobs();
        }
    }

    @Nested
    final class Alerts extends AlertStoreContract {
        @Override
        protected AlertStore emptyStore() {
            return StateStore.open(
                            StateConfig.Sqlite.in(folder.resolve("a" + opened++)),
                            Clock.systemUTC())
                    .alerts();
        }
    }
}
