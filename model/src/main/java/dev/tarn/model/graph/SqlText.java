package dev.tarn.model.graph;

import dev.tarn.model.Place;
import java.util.Optional;

/**
 * SQL together with where each of its characters came from, so that an error in it can be told at
 * the place where somebody wrote it.
 */
public record SqlText(String sql, Origin origin) {
    /** Maps places in SQL back to where a person wrote them. Safe for use by many threads. */
    public interface Origin {
        /**
         * @param offset index of a character of the SQL
         */
        Optional<Place> locate(int offset);
    }

    /** SQL that somebody typed, without a file behind it. */
    public static SqlText of(String sql) {
        return new SqlText(sql, offset -> Optional.empty());
    }

    /** SQL that stands in a file just as it is. */
    public static SqlText ofFile(String sql, String file) {
        return new SqlText(sql, offset -> Optional.of(place(sql, offset, file)));
    }

    /** The place of the character at {@code offset}, if it is known. */
    public Optional<Place> locate(int offset) {
        return origin.locate(Math.clamp(offset, 0, sql.length()));
    }

    private static Place place(String text, int offset, String file) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < offset && i < text.length(); i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return new Place(file, line, offset - lineStart + 1);
    }
}
