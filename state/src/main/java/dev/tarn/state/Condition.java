package dev.tarn.state;

import dev.tarn.model.job.JobRun;
import dev.tarn.spi.JobTables.RunFilter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a filter of runs of jobs means in SQL. */
record Condition(String sql, List<@Nullable Object> values) {
    static Condition of(RunFilter filter) {
        List<String> parts = new ArrayList<>();
        List<@Nullable Object> values = new ArrayList<>();
        filter.job()
                .ifPresent(job -> {
                    parts.add("job = ?");
                    values.add(job.value());
                });
        filter.backfill()
                .ifPresent(id -> {
                    parts.add("backfill = ?");
                    values.add(id);
                });
        if (!filter.statuses().isEmpty()) {
            parts.add("status IN (?" + ", ?".repeat(filter.statuses().size() - 1) + ")");
            filter.statuses().forEach(status -> values.add(status.name()));
            if (filter.statuses().stream().noneMatch(JobRun.Status::isEnd)) {
                parts.add("finished_at IS NULL");
            }
        }
        return new Condition(
                parts.isEmpty() ? "" : " WHERE " + String.join(" AND ", parts), values);
    }
}
