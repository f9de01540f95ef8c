package dev.tarn.it;

import dev.tarn.jdbc.SourceDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Somebody follows the log of a PostgreSQL. */
@ExtendWith(SourceDatabase.Started.class)
final class DatabaseLogFollowTest extends LogFollowContract {
    private final SourceDatabase database;

    DatabaseLogFollowTest(SourceDatabase database) {
        super(new LiveDatabase.Postgres(database, "tarn_log_follow"), "postgres");
        this.database = database;
    }

    @Override
    void endConnections() {
        database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
                        + " 'tarn' AND pid <> pg_backend_pid()");
    }

    @Override
    void restart() {
        database.restart();
    }

    /** Until then nobody else may read the slot. */
    @Override
    void beImpatient() {
        database.execute("ALTER SYSTEM SET wal_sender_timeout = '4s'");
        database.execute("SELECT pg_reload_conf()");
    }

    @AfterEach
    void bePatient() {
        database.execute("ALTER SYSTEM RESET wal_sender_timeout");
        database.execute("SELECT pg_reload_conf()");
    }
}
