package dev.tarn.it;

import dev.tarn.jdbc.MysqlDatabase;

/** The binary log of a real MariaDB is followed. */
@MysqlDatabase.Of(MysqlDatabase.Kind.MARIADB)
final class MariadbLogTest extends MysqlLogContract {
    MariadbLogTest(MysqlDatabase database) {
        super(database);
    }
}
