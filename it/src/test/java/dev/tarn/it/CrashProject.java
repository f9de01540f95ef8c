package dev.tarn.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Random;

/**
 * A small project whose tables must always tell the same story: every landed row is once in bronze,
 * once in the merged table, and counted once in the total.
 */
final class CrashProject {
    private final Path root;
    private final Random random;
    private long nextId = 1;
    private int files;

    /**
     * @param settings the lines of {@code tarn.yml}
     */
    CrashProject(Path root, Random random, String settings) {
        this.root = root;
        this.random = random;
        write(
                "dbt_project.yml",
                """
                name: crash
                version: "1.0"
                models:
                  crash:
                    +materialized: table
                    +schema: gold
                """);
        write("tarn.yml", settings);
        write(
                "macros/generate_schema_name.sql",
                """
                {% macro generate_schema_name(custom_schema_name, node) %}
                {{- custom_schema_name or target.schema -}}
                {% endmacro %}
                """);
        write(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: bronze
                    tables:
                      - name: payments
                        ingest:
                          location: landing/*.csv
                          format: csv
                models:
                  - name: accounts
                    columns:
                      - name: payment_id
                        data_tests: [unique, not_null]
                """);
        write(
                "models/accounts.sql",
                """
                {{ config(materialized='incremental', unique_key='payment_id',
                          incremental_strategy='merge') }}
                select payment_id, account, cents from {{ source('bronze', 'payments') }}
                """);
        write(
                "models/totals.sql",
                """
                select account, count(*) as payments, sum(cents) as cents
                from {{ ref('accounts') }} group by account
                """);
        write(
                "tests/totals_agree.sql",
                """
                select t.payments, a.payments
                from (select sum(payments) as payments from {{ ref('totals') }}) t,
                     (select count(*) as payments from {{ source('bronze', 'payments') }}) a
                where t.payments <> a.payments
                """);
    }

    Path root() {
        return root;
    }

    Path warehouse() {
        return root.resolve(".tarn/warehouse");
    }

    /** How many rows have been dropped into the landing folder so far. */
    long landed() {
        return nextId - 1;
    }

    /** Drops a few files, each appearing whole. */
    void land() {
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            StringBuilder csv = new StringBuilder("payment_id,account,cents\n");
            int rows = 1 + random.nextInt(4_000);
            for (int row = 0; row < rows; row++) {
                csv.append(nextId++)
                        .append(",account-")
                        .append(random.nextInt(50))
                        .append(',')
                        .append(random.nextInt(100_000))
                        .append('\n');
            }
            String name = "landing/part-%05d.csv".formatted(files++);
            write(name + ".tmp", csv.toString());
            try {
                Files.move(
                        root.resolve(name + ".tmp"),
                        root.resolve(name),
                        StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void write(String name, String text) {
        try {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
