package dev.tarn.duckdb;

import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import java.sql.SQLException;
import java.util.Optional;

/** Asks DuckDB what it knows of tables. */
final class TableQuestions {
    private TableQuestions() {}

    /** The first table that a statement names and DuckDB does not know. */
    @SuppressWarnings("try")
    static Optional<TableReference> first(StatementRunner runner, SqlText text) {
        try {
            runner.connection().prepare(text.sql()).close();
            return Optional.empty();
        } catch (SQLException e) {
            RawError error = RawError.of(e);
            String written = Source.of(text).excerpt(error.position(), error.length());
            boolean table = error.is("Catalog") && error.message().startsWith("Table with name");
            return table && !written.isEmpty()
                    ? Optional.of(TableReference.parse(written, error.position()))
                    : Optional.empty();
        }
    }

    /** The columns of a table that it does know. */
    static Schema columns(StatementRunner runner, String table) {
        try (var prepared = runner.prepare("SELECT * FROM " + table, Source.OURS)) {
            return Columns.of(prepared.getMetaData(), Optional.empty()).schema();
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.OURS);
        }
    }
}
