package dev.tarn.upkeep;

import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import java.time.Duration;
import java.util.List;

/**
 * What to look after, and how much it may cost.
 *
 * @param thorough whether everything that would gain is done; else only what is due
 * @param time after which no more work is begun
 * @param bytes how much may be read from data files
 */
public record UpkeepRequest(
        RefName ref, List<TableName> tables, boolean thorough, Duration time, long bytes) {
    public UpkeepRequest {
        tables = List.copyOf(tables);
    }
}
