package dev.tarn.jdbc;

import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.spi.Connector.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the log of a server is read.
 *
 * @param slot what keeps the log until it has been read
 * @param publication what says which tables' changes are told
 * @param replica by which number a MySQL or MariaDB knows us among its replicas
 * @param budget how many bytes of log may be kept before somebody should know
 * @param signals a table there whose new rows ask for loads
 */
record LogSettings(
        String slot, String publication, long budget, int replica, Optional<String> signals) {
    private static final long STANDARD = 10L << 30;
    private static final Pattern SLOT = Pattern.compile("[a-z0-9_]{1,63}");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})\\s*([kmgt])?i?b?");

    static LogSettings of(Request request) {
        List<Problem> problems = new ArrayList<>();
        if (request.setting("query").isPresent()) {
            problems.add(LogErrors.notWithLog(request.ingest().place(), "query"));
        }
        if (request.spec().cursor().isPresent()) {
            problems.add(LogErrors.notWithLog(request.ingest().place(), "cursor"));
        }
        String slot = request.setting("slot").orElseGet(() -> standard(request));
        if (!SLOT.matcher(slot).matches()) {
            problems.add(
                    JdbcErrors.setting(
                            request.ingest().place(),
                            "slot",
                            slot,
                            "up to 63 small letters, digits and underscores"));
        }
        request.setting("server_id")
                .filter(id -> !id.matches("[1-9]\\d{0,8}"))
                .ifPresent(id ->
                        problems.add(
                                JdbcErrors.setting(
                                        request.ingest().place(),
                                        "server_id",
                                        id,
                                        "a number that no other replica has")));
        long budget =
                request.setting("log_budget").map(s -> size(request, s, problems)).orElse(STANDARD);
        if (!problems.isEmpty()) {
            throw new TarnException(problems);
        }
        return new LogSettings(
                slot,
                request.setting("publication").orElse(slot),
                budget,
                request.setting("server_id")
                        .map(Integer::parseInt)
                        .orElseGet(() -> replica(request)),
                request.setting("signals"));
    }

    /** What all tables of one reader have in common; each may listen to a table of its own. */
    LogSettings shared() {
        return new LogSettings(slot, publication, budget, replica, Optional.empty());
    }

    private static String standard(Request request) {
        String schema = request.table().schema().toLowerCase(Locale.ROOT);
        String plain = "tarn_" + schema.replaceAll("[^a-z0-9_]", "_");
        return plain.length() > 63 ? plain.substring(0, 63) : plain;
    }

    /** The same in every run of a project, another one in another project. */
    private static int replica(Request request) {
        int hash = (request.project().toAbsolutePath() + "/" + standard(request)).hashCode();
        return 1_000_000_000 + Math.floorMod(hash, 1_000_000_000);
    }

    private static long size(Request request, String text, List<Problem> problems) {
        Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT).strip());
        if (!matcher.matches()) {
            problems.add(
                    JdbcErrors.setting(
                            request.ingest().place(), "log_budget", text, "a size such as 10GB"));
            return STANDARD;
        }
        int shift =
                switch (matcher.group(2)) {
                    case "k" -> 10;
                    case "m" -> 20;
                    case "g" -> 30;
                    case "t" -> 40;
                    case null, default -> 0;
                };
        return Long.parseLong(matcher.group(1)) << shift;
    }
}
