package dev.tarn.sql.statement;

import dev.tarn.model.Place;
import dev.tarn.model.graph.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts SQL together from pieces without losing where each of them came from. */
public final class SqlPieces {
    private final StringBuilder sql = new StringBuilder();
    private final List<Piece> pieces = new ArrayList<>();

    /** A piece that somebody wrote, and where it begins in the whole. */
    private record Piece(int start, SqlText text) {}

    /** Adds SQL that nobody wrote. */
    public SqlPieces add(String text) {
        sql.append(text);
        return this;
    }

    /** Adds SQL that somebody wrote. */
    public SqlPieces add(SqlText text) {
        pieces.add(new Piece(sql.length(), text));
        sql.append(text.sql());
        return this;
    }

    /** The whole as it is now. */
    public SqlText text() {
        List<Piece> known = List.copyOf(pieces);
        return new SqlText(sql.toString(), offset -> locate(known, offset));
    }

    private static Optional<Place> locate(List<Piece> pieces, int offset) {
        for (Piece piece : pieces) {
            int within = offset - piece.start();
            if (within >= 0 && within <= piece.text().sql().length()) {
                return piece.text().locate(within);
            }
        }
        return Optional.empty();
    }
}
