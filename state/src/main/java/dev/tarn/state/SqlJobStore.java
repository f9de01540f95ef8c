package dev.tarn.state;

import dev.tarn.spi.JobStore;
import dev.tarn.spi.JobTables;
import java.sql.SQLException;
import java.util.function.Function;

/** Jobs and their runs as tables. One row is touched by every change first. */
final class SqlJobStore implements JobStore {
    private final Database database;

    SqlJobStore(Database database) {
        this.database = database;
    }

    @Override
    public <T> T read(Function<JobTables, T> work) {
        return database.read(session -> done(work, new SqlJobTables(session, 0)));
    }

    @Override
    public <T> T change(Function<JobTables, T> work) {
        return database.write(session -> {
            session.update("UPDATE job_counter SET token = token + 1 WHERE id = 1");
            long token =
                    session.first(
                                    "SELECT token FROM job_counter WHERE id = 1",
                                    row -> row.number("token"))
                            .orElseThrow();
            return done(work, new SqlJobTables(session, token));
        });
    }

    private static <T> T done(Function<JobTables, T> work, JobTables tables) throws SQLException {
        try {
            return work.apply(tables);
        } catch (Database.Failed e) {
            throw e.reason();
        }
    }
}
