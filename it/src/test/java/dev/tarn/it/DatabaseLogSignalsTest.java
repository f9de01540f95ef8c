package dev.tarn.it;

import dev.tarn.jdbc.SourceDatabase;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rows in a table of a PostgreSQL ask for loads. */
@ExtendWith(SourceDatabase.Started.class)
final class DatabaseLogSignalsTest extends LogSignalsContract {
    DatabaseLogSignalsTest(SourceDatabase database) {
        super(new LiveDatabase.Postgres(database, "tarn_log_signals"), "postgres");
    }
}
