package dev.tarn.bench;

import io.trino.tpch.TpchColumn;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** A project whose sources are the eight tables of TPC-H, and its files. */
final class TpchData {
    private TpchData() {}

    /** The names of the tables. */
    static List<String> tables() {
        return TpchTable.getTables().stream().map(TpchTable::getTableName).toList();
    }

    /** Writes the project and a Parquet file for each table. */
    static void write(Path project, double scale) throws IOException, SQLException {
        Files.writeString(
                project.resolve("dbt_project.yml"),
                """
                name: tpch
                version: "1.0.0"
                config-version: 2
                profile: tpch
                model-paths: ["models"]
                """);
        Path models = Files.createDirectories(project.resolve("models"));
        StringBuilder yaml =
                new StringBuilder(
                        """
                        version: 2
                        sources:
                          - name: tpch
                            schema: tpch
                            tables:
                        """);
        try (PlainDuckDb duckdb = new PlainDuckDb()) {
            for (TpchTable<?> table : TpchTable.getTables()) {
                yaml.append(
                        """
                              - name: %1$s
                                ingest:
                                  location: landing/%1$s
                                  format: parquet
                        """
                                .formatted(table.getTableName()));
                write(table, project.resolve("landing"), scale, duckdb);
            }
        }
        Files.writeString(models.resolve("sources.yml"), yaml.toString());
    }

    private static <E extends TpchEntity> void write(
            TpchTable<E> table, Path landing, double scale, PlainDuckDb duckdb)
            throws IOException, SQLException {
        Path folder = Files.createDirectories(landing.resolve(table.getTableName()));
        Path text = landing.resolve(table.getTableName() + ".tbl");
        try (BufferedWriter out = Files.newBufferedWriter(text)) {
            for (E row : table.createGenerator(scale, 1, 1)) {
                out.write(row.toLine());
                out.write('\n');
            }
        }
        String columns =
                table.getColumns().stream()
                        .map(c -> "'%s': '%s'".formatted(c.getColumnName(), type(c)))
                        .collect(Collectors.joining(", ", "{", "}"));
        duckdb.execute(
                ("COPY (FROM read_csv(%s, columns = %s, header = false, delim = '|', quote = '',"
                                + " auto_detect = false)) TO %s (FORMAT parquet, COMPRESSION zstd)")
                        .formatted(
                                PlainDuckDb.literal(text),
                                columns,
                                PlainDuckDb.literal(
                                        folder.resolve(table.getTableName() + ".parquet"))));
        Files.delete(text);
    }

    private static String type(TpchColumn<?> column) {
        return switch (column.getType().getBase()) {
            case IDENTIFIER -> "BIGINT";
            case INTEGER -> "INTEGER";
            case DOUBLE -> "DECIMAL(15,2)";
            case DATE -> "DATE";
            case VARCHAR -> "VARCHAR";
        };
    }
}
