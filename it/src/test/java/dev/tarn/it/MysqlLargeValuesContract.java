package dev.tarn.it;

import dev.tarn.jdbc.MysqlDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rows of fifty megabytes in a MySQL or MariaDB, which has a limit of its own for them. */
@ExtendWith(MysqlDatabase.Started.class)
abstract class MysqlLargeValuesContract extends LargeValuesContract {
    private final MysqlDatabase database;

    MysqlLargeValuesContract(MysqlDatabase database) {
        super(new LiveDatabase.Mysql(database), "root", 1_000_000);
        this.database = database;
    }

    @Override
    String types() {
        return "v longtext, b longblob";
    }

    @Override
    String bytes(String text) {
        return text;
    }

    @Override
    void allow() {
        database.execute("SET GLOBAL max_allowed_packet = 268435456");
    }

    /** What it would not take any more it sends all the same. */
    @Override
    void forbid() {
        database.execute("SET GLOBAL max_allowed_packet = 1048576");
    }

    @AfterEach
    void asBefore() {
        database.execute("SET GLOBAL max_allowed_packet = DEFAULT");
    }
}
