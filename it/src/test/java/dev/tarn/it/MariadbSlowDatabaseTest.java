package dev.tarn.it;

import dev.tarn.jdbc.MysqlDatabase;
import org.junit.jupiter.api.extension.ExtendWith;

/** A MariaDB whose bytes trickle. */
@ExtendWith(MysqlDatabase.Started.class)
@MysqlDatabase.Of(MysqlDatabase.Kind.MARIADB)
final class MariadbSlowDatabaseTest extends SlowDatabaseContract {
    MariadbSlowDatabaseTest(MysqlDatabase database) {
        super(new LiveDatabase.Mysql(database), "root");
    }
}
