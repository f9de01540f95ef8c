package dev.tarn.bench;

import dev.tarn.app.Answer;
import dev.tarn.app.At;
import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.TableListing;
import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** Landing the sources of a project. */
final class Ingest {
    private Ingest() {}

    /** Everything a project can land. */
    static BuildRequest request() {
        return new BuildRequest(
                "bench",
                EnumSet.of(NodeKind.SOURCE),
                List.of(),
                List.of(),
                RefName.MAIN,
                false,
                false,
                Optional.empty());
    }

    /** Lands what is there. */
    static void land(Tarn tarn) {
        RunReport report = tarn.ingest(request(), false, RunListener.SILENT, new Cancellation());
        if (!report.problems().isEmpty()) {
            throw new IllegalStateException(report.problems().toString());
        }
    }

    /** Opens a project and lands what is there: so many rows. */
    static void land(Path project, long rows) {
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            land(tarn);
            long landed = tarn.tables(At.MAIN).stream().mapToLong(TableListing::rows).sum();
            if (landed != rows) {
                throw new IllegalStateException("%,d rows of %,d".formatted(landed, rows));
            }
        }
    }

    /** The bytes of all data files of a project. */
    static long bytes(Path project) {
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            return tarn.tables(At.MAIN).stream().mapToLong(TableListing::bytes).sum();
        }
    }

    /** The values of a query's one row, as texts. */
    static List<String> row(Tarn tarn, String sql) {
        try (Answer answer = tarn.queryAnew(sql, At.MAIN, new Cancellation())) {
            if (!answer.next()) {
                throw new IllegalStateException("No row: " + sql);
            }
            List<String> values = new ArrayList<>();
            for (Object value : answer.row()) {
                values.add(String.valueOf(value));
            }
            return values;
        }
    }

    /** The same for a project that is not open. */
    static List<String> row(Path project, String sql) {
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            return row(tarn, sql);
        }
    }
}
