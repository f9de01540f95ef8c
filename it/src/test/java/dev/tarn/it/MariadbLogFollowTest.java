package dev.tarn.it;

import dev.tarn.jdbc.MysqlDatabase;
import org.junit.jupiter.api.extension.ExtendWith;

/** Somebody follows the binary log of a MariaDB. */
@ExtendWith(MysqlDatabase.Started.class)
@MysqlDatabase.Of(MysqlDatabase.Kind.MARIADB)
final class MariadbLogFollowTest extends LogFollowContract {
    private final MysqlDatabase database;

    MariadbLogFollowTest(MysqlDatabase database) {
        super(new LiveDatabase.Mysql(database), "root");
        this.database = database;
    }

    @Override
    void endConnections() {
        String others =
                "SELECT id FROM information_schema.processlist WHERE user = 'root' AND id <>"
                        + " connection_id()";
        for (String id : database.rows(others)) {
            try {
                database.execute("KILL " + id);
            } catch (IllegalStateException gone) {
                // It ended by itself.
            }
        }
    }

    @Override
    void restart() {
        database.stop();
        database.start();
    }
}
