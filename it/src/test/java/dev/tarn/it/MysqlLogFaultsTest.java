package dev.tarn.it;

import dev.tarn.jdbc.MysqlDatabase;

/** What goes wrong while the binary log of a real MySQL is read. */
@MysqlDatabase.Of(MysqlDatabase.Kind.MYSQL)
final class MysqlLogFaultsTest extends MysqlLogFaultsContract {
    MysqlLogFaultsTest(MysqlDatabase database) {
        super(database);
    }
}
