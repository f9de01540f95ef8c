package dev.tarn.it;

import dev.tarn.jdbc.MysqlDatabase;

/** Rows of fifty megabytes in a MySQL. */
@MysqlDatabase.Of(MysqlDatabase.Kind.MYSQL)
final class MysqlLargeValuesTest extends MysqlLargeValuesContract {
    MysqlLargeValuesTest(MysqlDatabase database) {
        super(database);
    }
}
