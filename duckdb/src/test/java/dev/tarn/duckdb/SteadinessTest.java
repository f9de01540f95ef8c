package dev.tarn.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.sql.Steadiness;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class SteadinessTest {
    @Test
    void everyFunctionThatDuckDbCallsUnsteadyIsKnown() throws SQLException {
        TreeSet<String> unknown = new TreeSet<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT DISTINCT lower(function_name) FROM duckdb_functions()"
                                        + " WHERE stability <> 'CONSISTENT'")) {
            while (rows.next()) {
                if (!Steadiness.changes(rows.getString(1))) {
                    unknown.add(rows.getString(1));
                }
            }
        }
        assertThat(unknown).isEmpty();
    }
}
