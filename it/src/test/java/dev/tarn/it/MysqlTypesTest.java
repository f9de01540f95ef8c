package dev.tarn.it;

import dev.tarn.jdbc.MysqlDatabase;

/** What the types of a real MySQL become. */
@MysqlDatabase.Of(MysqlDatabase.Kind.MYSQL)
final class MysqlTypesTest extends MysqlTypesContract {
    MysqlTypesTest(MysqlDatabase database) {
        super(database);
    }
}
