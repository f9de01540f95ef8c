package dev.tarn.jdbc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Looks values up that the log of a PostgreSQL does not tell, as they are now. */
final class SlotLookUp {
    private SlotLookUp() {}

    static List<byte @Nullable []> values(
            Connections connections,
            PostgresDialect dialect,
            JdbcSettings settings,
            LogTable table,
            List<String> key,
            List<byte @Nullable []> values,
            List<String> wanted) {
        List<String> conditions = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            byte[] value = Objects.requireNonNull(values.get(i), "A key is told");
            String name = key.get(i);
            Column column =
                    table.columns().stream()
                            .filter(c -> c.name().equalsIgnoreCase(name))
                            .findFirst()
                            .orElseThrow();
            conditions.add(
                    dialect.quoted(column.name())
                            + " = "
                            + dialect.literal(column, new String(value, StandardCharsets.UTF_8)));
        }
        String texts =
                String.join(", ", wanted.stream().map(w -> dialect.quoted(w) + "::text").toList());
        String sql =
                "SELECT %s FROM %s WHERE %s"
                        .formatted(texts, settings.relation(), String.join(" AND ", conditions));
        List<List<@Nullable String>> rows =
                connections.with(connection -> Queries.rows(connection, sql));
        List<byte @Nullable []> found = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            String text = rows.isEmpty() ? null : rows.getFirst().get(i);
            found.add(text == null ? null : text.getBytes(StandardCharsets.UTF_8));
        }
        return found;
    }
}
