package dev.tarn.iceberg.rest;

import dev.tarn.iceberg.MetadataFiles;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.HttpProtocol.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.IncrementalAppendScan;
import org.apache.iceberg.Scan;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.rest.PlanStatus;
import org.apache.iceberg.rest.requests.FetchScanTasksRequest;
import org.apache.iceberg.rest.requests.PlanTableScanRequest;
import org.apache.iceberg.rest.responses.FetchPlanningResultResponse;
import org.apache.iceberg.rest.responses.FetchScanTasksResponse;
import org.apache.iceberg.rest.responses.PlanTableScanResponse;
import org.jspecify.annotations.Nullable;

/** Plans scans for clients that do not want to read manifests themselves. */
final class PlanRoutes {
    private static final int PART = 2_000;

    private final Catalog catalog;
    private final MetadataFiles files;
    private final Plans plans;

    PlanRoutes(Catalog catalog, MetadataFiles files, Plans plans) {
        this.catalog = catalog;
        this.files = files;
        this.plans = plans;
    }

    Answer submit(Exchange exchange) {
        PlanTableScanRequest request = exchange.body(PlanTableScanRequest.class);
        Table table = table(exchange);
        Plans.Plan plan = plans.add(parts(tasks(table, request)));
        return Json.ok(
                PlanTableScanResponse.builder(table.specs())
                        .withPlanStatus(PlanStatus.COMPLETED)
                        .withPlanId(plan.id())
                        .withFileScanTasks(plan.parts().getFirst())
                        .withPlanTasks(plan.laterParts())
                        .build());
    }

    Answer fetch(Exchange exchange) {
        Table table = table(exchange);
        Plans.Plan plan = plans.plan(exchange.variable("plan-id"));
        return Json.ok(
                FetchPlanningResultResponse.builder(table.specs())
                        .withPlanStatus(PlanStatus.COMPLETED)
                        .withFileScanTasks(plan.parts().getFirst())
                        .withPlanTasks(plan.laterParts())
                        .build());
    }

    Answer cancel(Exchange exchange) {
        plans.forget(exchange.variable("plan-id"));
        return Json.nothing();
    }

    Answer tasks(Exchange exchange) {
        Table table = table(exchange);
        FetchScanTasksRequest request = exchange.body(FetchScanTasksRequest.class);
        return Json.ok(
                FetchScanTasksResponse.builder(table.specs())
                        .withFileScanTasks(plans.part(request.planTask()))
                        .build());
    }

    private Table table(Exchange exchange) {
        Versioned found = RefEntries.read(catalog, exchange.ref()).table(exchange.table());
        return new BaseTable(
                new StaticTableOperations(TableRoutes.metadata(files, found), files.io()),
                exchange.table().toString(),
                report -> {});
    }

    private static List<FileScanTask> tasks(Table table, PlanTableScanRequest request) {
        Supplier<CloseableIterable<FileScanTask>> planned =
                request.endSnapshotId() == null
                        ? pointInTime(table, request)::planFiles
                        : incremental(table, request)::planFiles;
        List<FileScanTask> tasks = new ArrayList<>();
        try (CloseableIterable<FileScanTask> all = planned.get()) {
            all.forEach(tasks::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tasks;
    }

    private static TableScan pointInTime(Table table, PlanTableScanRequest request) {
        TableScan scan = table.newScan();
        @Nullable Long id = request.snapshotId();
        if (id != null) {
            @Nullable Snapshot snapshot = table.snapshot(id);
            if (snapshot == null) {
                throw RestErrors.malformed("the table has no snapshot " + id);
            }
            scan = scan.useSnapshot(id);
        }
        return refined(scan, request);
    }

    private static IncrementalAppendScan incremental(Table table, PlanTableScanRequest request) {
        IncrementalAppendScan scan = table.newIncrementalAppendScan();
        @Nullable Long start = request.startSnapshotId();
        scan = start == null ? scan : scan.fromSnapshotExclusive(start);
        return refined(scan.toSnapshot(request.endSnapshotId()), request);
    }

    private static <S extends Scan<S, ?, ?>> S refined(S scan, PlanTableScanRequest request) {
        S refined = scan.caseSensitive(request.caseSensitive());
        if (request.select() != null && !request.select().isEmpty()) {
            refined = refined.select(request.select());
        }
        if (request.filter() != null) {
            refined = refined.filter(request.filter());
        }
        return request.statsFields() == null
                ? refined
                : refined.includeColumnStats(request.statsFields());
    }

    private static List<List<FileScanTask>> parts(List<FileScanTask> tasks) {
        List<List<FileScanTask>> parts = new ArrayList<>();
        for (int from = 0; from < tasks.size(); from += PART) {
            parts.add(List.copyOf(tasks.subList(from, Math.min(from + PART, tasks.size()))));
        }
        return parts.isEmpty() ? List.of(List.of()) : parts;
    }
}
