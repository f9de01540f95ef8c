package dev.tarn.it;

import dev.tarn.jdbc.MysqlDatabase;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rows in a table of a MariaDB ask for loads. */
@ExtendWith(MysqlDatabase.Started.class)
@MysqlDatabase.Of(MysqlDatabase.Kind.MARIADB)
final class MariadbLogSignalsTest extends LogSignalsContract {
    MariadbLogSignalsTest(MysqlDatabase database) {
        super(new LiveDatabase.Mysql(database), "root");
    }
}
