package dev.tarn.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which server it is. */
record MysqlVersion(boolean isMariadb, int major, int minor, int patch, String text) {
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*");

    static MysqlVersion of(Connection connection) throws SQLException {
        String text = Queries.text(Queries.rows(connection, "SELECT version()").getFirst(), 0);
        Matcher numbers = NUMBERS.matcher(text);
        if (!numbers.matches()) {
            return new MysqlVersion(text.contains("MariaDB"), 0, 0, 0, text);
        }
        return new MysqlVersion(
                text.contains("MariaDB"),
                Integer.parseInt(numbers.group(1)),
                Integer.parseInt(numbers.group(2)),
                Integer.parseInt(numbers.group(3)),
                text);
    }

    boolean isAtLeast(int otherMajor, int otherMinor, int otherPatch) {
        if (major != otherMajor) {
            return major > otherMajor;
        }
        return minor != otherMinor ? minor > otherMinor : patch >= otherPatch;
    }

    /** As people say it. */
    @Override
    public String toString() {
        return isMariadb ? "MariaDB " + text : "MySQL " + text;
    }
}
