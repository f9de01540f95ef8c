package dev.tarn.app;

import dev.tarn.upkeep.TableUpkeep;
import java.util.List;
import java.util.Optional;

/**
 * What upkeep did, or would do, beside what it did to tables.
 *
 * @param tables empty when nothing was done
 * @param versions how many old states of tables and views the catalog forgot
 * @param cleaned files that nothing referred to
 */
public record MaintainReport(
        List<TableUpkeep> tables, long versions, Optional<Housekeeping.Report> cleaned) {
    public MaintainReport {
        tables = List.copyOf(tables);
    }
}
