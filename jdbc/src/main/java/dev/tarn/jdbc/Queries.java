package dev.tarn.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Small questions to a database, answered in texts. */
final class Queries {
    private Queries() {}

    static String text(List<@Nullable String> row, int column) {
        String text = row.get(column);
        return text == null ? "" : text;
    }

    static List<String> texts(List<List<@Nullable String>> rows) {
        return rows.stream().map(row -> text(row, 0)).toList();
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }

    /** The rows of a query, as texts. */
    static List<List<@Nullable String>> rows(
            Connection connection, String sql, String... parameters) throws SQLException {
        List<List<@Nullable String>> all = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                int width = rows.getMetaData().getColumnCount();
                while (rows.next()) {
                    List<@Nullable String> row = new ArrayList<>(width);
                    for (int i = 1; i <= width; i++) {
                        row.add(rows.getString(i));
                    }
                    all.add(row);
                }
            }
        }
        return all;
    }
}
