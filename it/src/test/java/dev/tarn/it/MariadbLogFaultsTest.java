package dev.tarn.it;

import dev.tarn.jdbc.MysqlDatabase;

/** What goes wrong while the binary log of a real MariaDB is read. */
@MysqlDatabase.Of(MysqlDatabase.Kind.MARIADB)
final class MariadbLogFaultsTest extends MysqlLogFaultsContract {
    MariadbLogFaultsTest(MysqlDatabase database) {
        super(database);
    }
}
