package dev.tarn.it;

import dev.tarn.jdbc.MysqlDatabase;

/** Rows of fifty megabytes in a MariaDB. */
@MysqlDatabase.Of(MysqlDatabase.Kind.MARIADB)
final class MariadbLargeValuesTest extends MysqlLargeValuesContract {
    MariadbLargeValuesTest(MysqlDatabase database) {
        super(database);
    }
}
