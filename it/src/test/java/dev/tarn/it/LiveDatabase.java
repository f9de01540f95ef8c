package dev.tarn.it;

import dev.tarn.jdbc.MysqlDatabase;
import dev.tarn.jdbc.SourceDatabase;
import java.util.List;

/** A database whose log is read, with a schema {@code live} that tests work in. */
interface LiveDatabase {
    String connector();

    String url();

    /** The same through something else that listens. */
    String url(int port);

    int port();

    /** What its sources say beside their tables, as lines of YAML. */
    String settings();

    void execute(String sql);

    List<String> rows(String sql);

    /** Nothing is left of earlier tests. */
    void begin();

    /** Nobody keeps its log any more. */
    void end();

    /** A PostgreSQL. */
    record Postgres(SourceDatabase database, String slot) implements LiveDatabase {
        @Override
        public String connector() {
            return "postgres";
        }

        @Override
        public String url() {
            return database.url();
        }

        @Override
        public String url(int port) {
            return "postgresql://localhost:" + port + "/postgres";
        }

        @Override
        public int port() {
            return database.port();
        }

        @Override
        public String settings() {
            return "slot: " + slot;
        }

        @Override
        public void execute(String sql) {
            database.execute(sql);
        }

        @Override
        public List<String> rows(String sql) {
            return database.rows(sql);
        }

        @Override
        public void begin() {
            end();
            execute("DROP PUBLICATION IF EXISTS " + slot);
            execute("DROP SCHEMA IF EXISTS live CASCADE");
            execute("CREATE SCHEMA live");
        }

        @Override
        public void end() {
            execute(
                    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE"
                            + " slot_name = '"
                            + slot
                            + "'");
        }
    }

    /** A MySQL or MariaDB. */
    record Mysql(MysqlDatabase database) implements LiveDatabase {
        @Override
        public String connector() {
            return database.name();
        }

        @Override
        public String url() {
            return database.url();
        }

        @Override
        public String url(int port) {
            return database.url(port);
        }

        @Override
        public int port() {
            return database.port();
        }

        @Override
        public String settings() {
            return "";
        }

        @Override
        public void execute(String sql) {
            database.execute(sql);
        }

        @Override
        public List<String> rows(String sql) {
            return database.rows(sql);
        }

        @Override
        public void begin() {
            execute("DROP DATABASE IF EXISTS live; CREATE DATABASE live");
        }

        @Override
        public void end() {}
    }
}
