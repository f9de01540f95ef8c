package dev.tarn.it;

import dev.tarn.jdbc.MysqlDatabase;
import org.junit.jupiter.api.extension.ExtendWith;

/** A MySQL whose bytes trickle. */
@ExtendWith(MysqlDatabase.Started.class)
@MysqlDatabase.Of(MysqlDatabase.Kind.MYSQL)
final class MysqlSlowDatabaseTest extends SlowDatabaseContract {
    MysqlSlowDatabaseTest(MysqlDatabase database) {
        super(new LiveDatabase.Mysql(database), "root");
    }
}
