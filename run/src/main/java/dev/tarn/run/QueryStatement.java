package dev.tarn.run;

import dev.tarn.spi.QueryResult;
import dev.tarn.sql.statement.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A query among other statements: it sees what those before it did. */
final class QueryStatement {
    private static final int ROWS_KEPT = 1_000;

    private final StatementGround ground;

    QueryStatement(StatementGround ground) {
        this.ground = ground;
    }

    StatementOutcome execute(Statement.Query query) {
        ground.guard(query.text());
        try (QueryResult rows = ground.session().query(query.text())) {
            List<List<@Nullable Object>> first = new ArrayList<>();
            long total = 0;
            while (rows.next()) {
                if (total++ < ROWS_KEPT) {
                    first.add(rows.row());
                }
            }
            return new StatementOutcome(
                    "select",
                    Optional.empty(),
                    StatementOutcome.Counts.NONE,
                    Optional.of(new StatementOutcome.Rows(rows.schema(), first, total)));
        }
    }
}
