package dev.tarn.ingest;

import java.io.IOException;
import java.io.Serial;

/** A file that can be read to its end, and none of whose records can land. */
final class UnfitFile extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    /** A table with more would be of use to nobody, and no engine would get through with it. */
    private static final int MOST_COLUMNS = 10_000;

    private final String reason;

    private UnfitFile(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }

    static UnfitFile header(String problem) {
        return new UnfitFile("the header " + problem);
    }

    static void requireFew(int columns) throws UnfitFile {
        if (columns > MOST_COLUMNS) {
            throw new UnfitFile(
                    "the file has %,d columns, and a table may have %,d"
                            .formatted(columns, MOST_COLUMNS));
        }
    }
}
