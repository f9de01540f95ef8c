package dev.tarn.jdbc;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a statement in the binary log does to a table's rows without telling them. Of the statements
 * that are there only a few do: those that change rows are there as the rows.
 */
final class BinlogStatement {
    private static final Pattern COMMENT =
            Pattern.compile("/\\*(?!!).*?\\*/|(?m)(--[ \\t]|#).*?$", Pattern.DOTALL);
    private static final String NAME = "(?:`((?:[^`]|``)+)`|([\\w$]+))";
    private static final String TABLE = NAME + "(?:\\s*\\.\\s*" + NAME + ")?";
    private static final Pattern ANY = Pattern.compile(TABLE);
    private static final Pattern TRUNCATE = pattern("TRUNCATE\\s+(?:TABLE\\s+)?" + TABLE);
    private static final Pattern DROP =
            pattern("DROP\\s+(?:TEMPORARY\\s+)?TABLES?\\s+(?:IF\\s+EXISTS\\s+)?(.*)");
    private static final Pattern DROP_SCHEMA =
            pattern("DROP\\s+(?:DATABASE|SCHEMA)\\s+(?:IF\\s+EXISTS\\s+)?" + NAME);
    private static final Pattern RENAME = pattern("RENAME\\s+TABLES?\\s+(?:IF\\s+EXISTS\\s+)?(.*)");
    private static final Pattern CREATE = pattern("CREATE\\s+OR\\s+REPLACE\\s+TABLE\\s+" + TABLE);
    private static final Pattern ALTER =
            pattern(
                    "ALTER\\s+(?:ONLINE\\s+)?(?:IGNORE\\s+)?TABLE\\s+(?:IF\\s+EXISTS\\s+)?"
                            + TABLE
                            + "(.*)");
    private static final Pattern RENAMES =
            Pattern.compile("\\bRENAME\\s+(?!COLUMN|INDEX|KEY)", Pattern.CASE_INSENSITIVE);
    private static final Pattern PARTITIONS =
            Pattern.compile(
                    "\\b(TRUNCATE|DROP|EXCHANGE|CONVERT|DISCARD|IMPORT)\\s+(PARTITION|TABLESPACE|TABLE)",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern ROWS =
            Pattern.compile(
                    "\\s*(INSERT|UPDATE|DELETE|REPLACE|LOAD|WITH|CALL)\\b.*",
                    Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final String schema;
    private final String text;

    /**
     * @param schema that names without one are of
     */
    BinlogStatement(String schema, String text) {
        this.schema = schema;
        this.text = COMMENT.matcher(text).replaceAll(" ").strip();
    }

    private static Pattern pattern(String text) {
        return Pattern.compile(text, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }

    /** What happens to a table. */
    enum Effect {
        NONE,
        TRUNCATED,
        DROPPED,
        RENAMED,
        PARTITION,
        AS_TEXT
    }

    Effect on(MysqlTable table) {
        Matcher truncate = TRUNCATE.matcher(text);
        if (truncate.lookingAt()) {
            return is(truncate, 1, table) ? Effect.TRUNCATED : Effect.NONE;
        }
        Matcher drop = DROP.matcher(text);
        if (drop.lookingAt()) {
            return names(drop.group(1), table) ? Effect.DROPPED : Effect.NONE;
        }
        Matcher dropSchema = DROP_SCHEMA.matcher(text);
        if (dropSchema.lookingAt()) {
            return name(dropSchema, 1).equals(table.schema()) ? Effect.DROPPED : Effect.NONE;
        }
        Matcher create = CREATE.matcher(text);
        if (create.lookingAt()) {
            return is(create, 1, table) ? Effect.DROPPED : Effect.NONE;
        }
        Matcher rename = RENAME.matcher(text);
        if (rename.lookingAt()) {
            return names(rename.group(1), table) ? Effect.RENAMED : Effect.NONE;
        }
        Matcher alter = ALTER.matcher(text);
        if (alter.lookingAt()) {
            return alter(alter, table);
        }
        return ROWS.matcher(text).matches() && mentions(table) ? Effect.AS_TEXT : Effect.NONE;
    }

    private Effect alter(Matcher alter, MysqlTable table) {
        String rest = alter.group(5);
        if (is(alter, 1, table)) {
            if (PARTITIONS.matcher(rest).find()) {
                return Effect.PARTITION;
            }
            return RENAMES.matcher(rest).find() ? Effect.RENAMED : Effect.NONE;
        }
        // Another table may take its name, or change places with a part of it.
        boolean takes = RENAMES.matcher(rest).find() || PARTITIONS.matcher(rest).find();
        return takes && names(rest, table) ? Effect.RENAMED : Effect.NONE;
    }

    private boolean names(String list, MysqlTable table) {
        Matcher names = ANY.matcher(list);
        while (names.find()) {
            if (is(names, 1, table)) {
                return true;
            }
        }
        return false;
    }

    private boolean is(Matcher at, int group, MysqlTable table) {
        String first = name(at, group);
        String second = name(at, group + 2);
        return second.isEmpty()
                ? first.equalsIgnoreCase(table.name()) && schema.equals(table.schema())
                : first.equals(table.schema()) && second.equalsIgnoreCase(table.name());
    }

    private static String name(Matcher at, int group) {
        String quoted = at.group(group);
        String plain = at.group(group + 1);
        return quoted != null ? quoted.replace("``", "`") : plain == null ? "" : plain;
    }

    private boolean mentions(MysqlTable table) {
        return text.toLowerCase(Locale.ROOT).contains(table.name().toLowerCase(Locale.ROOT));
    }

    /** As messages show it. */
    @Override
    public String toString() {
        String line = text.replaceAll("\\s+", " ");
        return line.length() > 120 ? line.substring(0, 120) + "…" : line;
    }
}
