package dev.tarn.it;

import dev.tarn.jdbc.SourceDatabase;
import org.junit.jupiter.api.extension.ExtendWith;

/** Processes that read the log of a PostgreSQL are killed. */
@ExtendWith(SourceDatabase.Started.class)
final class DatabaseLogCrashTest extends LogCrashContract {
    DatabaseLogCrashTest(SourceDatabase database) {
        super(new LiveDatabase.Postgres(database, "tarn_log_crash"), "user: postgres");
    }

    @Override
    String numbers(int from, int to) {
        return "generate_series(%d, %d) i".formatted(from, to);
    }
}
