package dev.tarn.it;

import dev.tarn.jdbc.MysqlDatabase;
import org.junit.jupiter.api.extension.ExtendWith;

/** Processes that read the binary log of a MariaDB are killed. */
@ExtendWith(MysqlDatabase.Started.class)
@MysqlDatabase.Of(MysqlDatabase.Kind.MARIADB)
final class MariadbLogCrashTest extends LogCrashContract {
    MariadbLogCrashTest(MysqlDatabase database) {
        super(new LiveDatabase.Mysql(database), "user: root");
        database.execute("CREATE DATABASE IF NOT EXISTS numbers");
        database.execute("CREATE TABLE IF NOT EXISTS numbers.n (i int PRIMARY KEY)");
        database.execute("INSERT IGNORE INTO numbers.n VALUES (0)");
        for (int i = 1; i < 32_768; i *= 2) {
            database.execute("INSERT IGNORE INTO numbers.n SELECT i + " + i + " FROM numbers.n");
        }
    }

    @Override
    String numbers(int from, int to) {
        return "numbers.n WHERE i BETWEEN %d AND %d".formatted(from, to);
    }
}
