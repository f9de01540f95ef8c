package dev.tarn.duckdb;

import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineContract;
import java.nio.file.Path;

final class DuckDbEngineContractTest extends EngineContract {
    @Override
    protected Engine engine(Path directory) {
        return DuckDbEngine.open(DuckDbConfig.defaults(directory.resolve("spill")));
    }
}
