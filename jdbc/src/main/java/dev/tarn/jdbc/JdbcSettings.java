package dev.tarn.jdbc;

import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.ConnectorSpec;
import dev.tarn.model.graph.ConnectorSpec.Mode;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.spi.Connector.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is read, and how to get there.
 *
 * @param relation what stands behind FROM
 * @param shown what messages call it
 * @param table its name, unless it is a query
 * @param driver where the driver's jar is; empty for those that are there
 * @param parallel how many connections read at the same time
 * @param refresh how old a snapshot may become before it is taken again while following
 * @param nullForImpossible whether values that have no place in a table become null
 */
record JdbcSettings(
        String url,
        String server,
        Optional<String> user,
        Optional<String> password,
        String relation,
        String shown,
        Optional<String> table,
        Optional<Path> driver,
        Optional<String> driverClass,
        int parallel,
        Duration refresh,
        Duration timeout,
        boolean nullForImpossible) {
    private static final Pattern SECRET_IN_URL =
            Pattern.compile("(?i)[?&;](password|user)=|//[^/@?]*:[^/@?]*@");
    private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,3}");

    static JdbcSettings of(Request request, Dialect dialect) {
        List<Problem> problems = new ArrayList<>();
        String url = request.setting("url").orElse("");
        if (SECRET_IN_URL.matcher(url).find()) {
            problems.add(JdbcErrors.secretInUrl(request.ingest().place()));
        }
        Optional<String> query = request.setting("query");
        Optional<String> table = query.isPresent() ? Optional.empty() : request.setting("table");
        if (query.isPresent() == request.setting("table").isPresent()) {
            problems.add(JdbcErrors.tableOrQuery(request.ingest().place()));
        }
        spec(request, dialect, problems);
        int parallel = (int) number(request, "parallel", 2, problems);
        Duration refresh = Duration.ofSeconds(number(request, "refresh", 3600, problems));
        Duration timeout = Duration.ofSeconds(number(request, "timeout", 300, problems));
        String impossible = request.setting("impossible_values").orElse("quarantine");
        if (!List.of("quarantine", "null").contains(impossible)) {
            problems.add(
                    JdbcErrors.setting(
                            request.ingest().place(),
                            "impossible_values",
                            impossible,
                            "quarantine or null"));
        }
        if (!problems.isEmpty()) {
            throw new TarnException(problems);
        }
        String jdbc = dialect.url(url, request.project(), request.setting("driver").isPresent());
        return new JdbcSettings(
                jdbc,
                // By the name of the connector, whichever driver connects.
                server(jdbc).replaceFirst("^mariadb:", dialect.name() + ":"),
                request.setting("user"),
                request.setting("password"),
                query.map(q -> "(" + stripped(q) + "\n) tarn_rows")
                        .orElseGet(() -> dialect.table(table.orElseThrow())),
                query.map(q -> "the query of " + request.table()).or(() -> table).orElseThrow(),
                table,
                request.setting("driver").map(request.project()::resolve),
                request.setting("driver_class"),
                parallel,
                refresh,
                timeout,
                impossible.equals("null"));
    }

    /** The same for another table there. */
    JdbcSettings of(String other, Dialect dialect) {
        return new JdbcSettings(
                url,
                server,
                user,
                password,
                dialect.table(other),
                other,
                Optional.of(other),
                driver,
                driverClass,
                parallel,
                refresh,
                timeout,
                nullForImpossible);
    }

    private static String stripped(String query) {
        String text = query.strip();
        return text.endsWith(";") ? text.substring(0, text.length() - 1) : text;
    }

    /** What can be wrong between the settings that all connectors share. */
    private static void spec(Request request, Dialect dialect, List<Problem> problems) {
        ConnectorSpec spec = request.spec();
        Mode mode = spec.mode().orElse(Mode.SNAPSHOT);
        if (mode == Mode.LOG
                && !(dialect instanceof PostgresDialect)
                && !(dialect instanceof MysqlDialect)) {
            problems.add(
                    JdbcErrors.setting(
                            request.ingest().place(), "mode", "cdc", "snapshot or incremental"));
        }
        if (mode == Mode.INCREMENTAL && spec.cursor().isEmpty()) {
            problems.add(JdbcErrors.noCursor(request.ingest().place()));
        }
        if (!spec.lag().isZero() && spec.write() == Write.APPEND) {
            problems.add(JdbcErrors.lagWithoutKey(request.ingest().place()));
        }
    }

    private static long number(Request request, String name, long other, List<Problem> problems) {
        Optional<String> text = request.setting(name);
        if (text.isEmpty()) {
            return other;
        }
        if (!NUMBER.matcher(text.get()).matches()) {
            problems.add(
                    JdbcErrors.setting(
                            request.ingest().place(), name, text.get(), "a number up to 9999"));
            return other;
        }
        return Long.parseLong(text.get());
    }

    /** Where the server is, without what may be secret. */
    private static String server(String url) {
        String place = url.replaceFirst("^jdbc:", "");
        int end = place.indexOf('?');
        return end < 0 ? place : place.substring(0, end);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return shown + " at " + server;
    }
}
