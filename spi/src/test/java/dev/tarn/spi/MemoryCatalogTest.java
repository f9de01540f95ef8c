package dev.tarn.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The catalog in memory keeps the contracts of the real ones, and fails when told. */
final class MemoryCatalogTest {
    private static final EntryKey TABLE = EntryKey.of(new TableName("a", "b"));
    private static final CommitRequest REQUEST =
            CommitRequest.of(
                    RefName.MAIN,
                    List.of(Change.put(TABLE, new Entry.Position("1"), Change.Expected.anything())),
                    "test");

    private final MemoryCatalog catalog = new MemoryCatalog(TestClock.at("2026-11-01T10:00:00Z"));

    private static WarehouseContract.Warehouse warehouse(Clock clock) {
        MemoryCatalog memory = new MemoryCatalog(clock);
        return new WarehouseContract.Warehouse(memory, memory.runs());
    }

    @Nested
    final class Entries extends CatalogContract {
        @Override
        protected Warehouse emptyWarehouse(Clock time) {
            return warehouse(time);
        }
    }

    @Nested
    final class Commits extends CatalogCommitContract {
        @Override
        protected Warehouse emptyWarehouse(Clock time) {
            return warehouse(time);
        }
    }

    @Nested
    final class Histories extends CatalogHistoryContract {
        @Override
        protected Warehouse emptyWarehouse(Clock time) {
            return warehouse(time);
        }
    }

    @Nested
    final class RandomHistories extends CatalogModelContract {
        @Override
        protected Warehouse emptyWarehouse(Clock time) {
            return warehouse(time);
        }
    }

    @Nested
    final class Runs extends RunLogContract {
        @Override
        protected Warehouse emptyWarehouse(Clock time) {
            return warehouse(time);
        }
    }

    @Test
    void itFailsAsOftenAsTold() {
        catalog.failCommits(2);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> catalog.commit(REQUEST))
                    .isInstanceOf(TarnException.class)
                    .hasMessage("The catalog was told to be busy. [CATALOG_BUSY]");
        }
        assertThat(catalog.commit(REQUEST)).isInstanceOf(CommitResult.Published.class);
    }

    @Test
    void itConflictsOnceWhenTold() {
        catalog.conflictNext(TABLE);
        assertThat(catalog.commit(REQUEST)).isInstanceOf(CommitResult.Conflicted.class);
        assertThat(catalog.commit(REQUEST)).isInstanceOf(CommitResult.Published.class);
    }

    @Test
    void itCommitsAndDoesNotSaySoWhenTold() {
        catalog.loseNextOutcome();
        assertThatThrownBy(() -> catalog.commit(REQUEST))
                .isInstanceOf(TarnException.class)
                .hasMessage("The catalog was told to lose the outcome. [COMMIT_OUTCOME_UNKNOWN]");
        assertThat(catalog.history(RefName.MAIN, 10)).hasSize(1);
    }

    @Test
    void anotherCommitCanBeFirst() {
        catalog.beforeNextCommit(() -> catalog.commit(REQUEST));
        catalog.commit(REQUEST);
        assertThat(catalog.history(RefName.MAIN, 10)).hasSize(2);
    }
}
