package dev.tarn.it;

import dev.tarn.jdbc.MysqlDatabase;

/** The binary log of a real MySQL is followed. */
@MysqlDatabase.Of(MysqlDatabase.Kind.MYSQL)
final class MysqlLogTest extends MysqlLogContract {
    MysqlLogTest(MysqlDatabase database) {
        super(database);
    }
}
