package dev.tarn.it;

import dev.tarn.jdbc.SourceDatabase;
import org.junit.jupiter.api.extension.ExtendWith;

/** A PostgreSQL whose bytes trickle. */
@ExtendWith(SourceDatabase.Started.class)
final class SlowDatabaseTest extends SlowDatabaseContract {
    SlowDatabaseTest(SourceDatabase database) {
        super(new LiveDatabase.Postgres(database, "tarn_slow"), "postgres");
    }
}
