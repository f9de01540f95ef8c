package dev.tarn.it;

import dev.tarn.jdbc.SourceDatabase;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rows of fifty megabytes in a PostgreSQL. */
@ExtendWith(SourceDatabase.Started.class)
final class LargeValuesTest extends LargeValuesContract {
    LargeValuesTest(SourceDatabase database) {
        super(new LiveDatabase.Postgres(database, "tarn_large"), "postgres", 50_000_000);
    }

    @Override
    String types() {
        return "v text, b bytea";
    }

    @Override
    String bytes(String text) {
        return "convert_to(" + text + ", 'UTF8')";
    }
}
