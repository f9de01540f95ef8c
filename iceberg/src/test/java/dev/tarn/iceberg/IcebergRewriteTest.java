package dev.tarn.iceberg;

import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import dev.tarn.spi.LocalTestStorage;
import dev.tarn.spi.Tables;
import dev.tarn.spi.TablesRewriteContract;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

final class IcebergRewriteTest extends TablesRewriteContract {
    private final DuckFiles duck = new DuckFiles();

    @AfterEach
    void closeDuck() {
        duck.close();
    }

    @Override
    protected Tables open(LocalTestStorage storage, Path warehouse, Path staging, Clock clock) {
        return IcebergTables.open(new IcebergConfig(warehouse.toString(), storage, staging, clock));
    }

    @Override
    protected List<WrittenFile> writeFiles(WriteTarget target, String query) {
        return duck.write(target, query);
    }

    @Override
    protected List<String> readRows(TableScan scan) {
        return duck.read(scan);
    }
}
