package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.graph.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A text put together from parts that each know where they came from. */
final class SqlPieces {
    private final StringBuilder text = new StringBuilder();
    private final List<Piece> pieces = new ArrayList<>();

    /** From {@code start} on, the text is that of {@code source} from {@code offset} on. */
    private record Piece(int start, Optional<SqlText> source, int offset) {}

    void add(String glue) {
        pieces.add(new Piece(text.length(), Optional.empty(), 0));
        text.append(glue);
    }

    void addPart(SqlText source, int from, int to) {
        pieces.add(new Piece(text.length(), Optional.of(source), from));
        text.append(source.sql(), from, to);
    }

    SqlText build() {
        List<Piece> all = List.copyOf(pieces);
        return new SqlText(text.toString(), offset -> locate(all, offset));
    }

    private static Optional<Place> locate(List<Piece> all, int offset) {
        Piece found = all.getFirst();
        for (Piece piece : all) {
            if (piece.start() > offset) {
                break;
            }
            found = piece;
        }
        Piece piece = found;
        return piece.source().flatMap(s -> s.locate(piece.offset() + offset - piece.start()));
    }
}
