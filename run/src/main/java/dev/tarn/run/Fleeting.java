package dev.tarn.run;

import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Code that gives other rows another time although nothing it reads in the warehouse changed: it
 * asks for the time, for chance or for files. Nothing made of it is ever taken for unchanged. Words
 * in texts and comments count, too: then something is built once more than it must be.
 */
final class Fleeting {
    private static final Pattern WORDS =
            Pattern.compile(
                    "\\b(?:current_(?:date|time|timestamp|localtime|localtimestamp)|localtime|localtimestamp)\\b"
                            + "|\\b(?:now|today|age|random|setseed|uuid|uuidv4|uuidv7|gen_random_uuid|nextval"
                            + "|get_current_time|get_current_timestamp|transaction_timestamp"
                            + "|read_\\w+|\\w+_scan|glob|sniff_csv|getenv|st_read)\\s*\\("
                            + "|\\busing\\s+sample\\b|\\btablesample\\b"
                            + "|\\b(?:from|join)\\s+'",
                    Pattern.CASE_INSENSITIVE);

    private Fleeting() {}

    static boolean is(Node node) {
        return code(node).stream().anyMatch(sql -> WORDS.matcher(sql.sql()).find());
    }

    /** The queries of a node that is built or checked by queries alone. */
    static List<SqlText> code(Node node) {
        return switch (node) {
            case Node.Model model when !model.isPython() ->
                    Stream.concat(Stream.of(model.sql()), model.incrementalSql().stream()).toList();
            case Node.Check check when !check.isUnit() -> List.of(check.sql());
            default -> List.of();
        };
    }
}
