package dev.tarn.it;

import dev.tarn.jdbc.MysqlDatabase;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rows in a table of a MySQL ask for loads. */
@ExtendWith(MysqlDatabase.Started.class)
@MysqlDatabase.Of(MysqlDatabase.Kind.MYSQL)
final class MysqlLogSignalsTest extends LogSignalsContract {
    MysqlLogSignalsTest(MysqlDatabase database) {
        super(new LiveDatabase.Mysql(database), "root");
    }
}
