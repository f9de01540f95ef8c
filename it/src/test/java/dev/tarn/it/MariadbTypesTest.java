package dev.tarn.it;

import dev.tarn.jdbc.MysqlDatabase;

/** What the types of a real MariaDB become. */
@MysqlDatabase.Of(MysqlDatabase.Kind.MARIADB)
final class MariadbTypesTest extends MysqlTypesContract {
    MariadbTypesTest(MysqlDatabase database) {
        super(database);
    }
}
