package dev.tarn.ingest;

import dev.tarn.spi.RowReaders;
import dev.tarn.spi.TextFeed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The lines of files that are left to the engine, with their numbers. Files that lie on disk as
 * their text are read in several places at the same time.
 */
final class LineFeed implements TextFeed {
    private static final int BUFFER = 1 << 18;

    /** Texts of one batch together, unless a single one is longer. */
    private static final int MOST_BATCH_BYTES = 1 << 20;

    private final RowReaders readers;
    private final List<ScannedFile.Text> files;
    private final List<Portion> portions = new ArrayList<>();
    private final boolean withReturns;

    /**
     * @param withReturns whether the carriage return before a line feed is part of the text
     */
    LineFeed(RowReaders readers, List<ScannedFile.Text> files, boolean withReturns) {
        this.readers = readers;
        this.files = List.copyOf(files);
        this.withReturns = withReturns;
        for (int i = 0; i < files.size(); i++) {
            portions.addAll(portions(i, files.get(i)));
        }
    }

    /** Lines that follow each other in a file. */
    private record Portion(int file, EngineLines.Mark from, long lines) {}

    private static List<Portion> portions(int index, ScannedFile.Text file) {
        EngineLines all = file.lines().orElseThrow();
        List<EngineLines.Mark> marks =
                file.content().isSeekable() ? all.marks() : all.marks().subList(0, 1);
        List<Portion> portions = new ArrayList<>();
        for (int i = 0; i < marks.size(); i++) {
            long end = i + 1 < marks.size() ? marks.get(i + 1).lines() : all.lines();
            portions.add(new Portion(index, marks.get(i), end - marks.get(i).lines()));
        }
        return portions;
    }

    @Override
    public Pass begin() {
        AtomicInteger next = new AtomicInteger();
        return () -> new Lines(next);
    }

    /** Reads one portion after the other. */
    private final class Lines implements Reader {
        private final AtomicInteger next;
        private @Nullable InputStream in;
        private byte[] buffer = new byte[BUFFER];
        private int start;
        private int filled;
        private boolean atEnd;
        private int file;
        private long number;
        private long last;
        private long[] leftOut = new long[0];
        private int leaving;

        Lines(AtomicInteger next) {
            this.next = next;
        }

        @Override
        public boolean next(Batch batch) throws IOException {
            while (in != null || open()) {
                batch.clear(file);
                fill(batch);
                if (batch.size() > 0) {
                    return true;
                }
                close();
            }
            return false;
        }

        private boolean open() throws IOException {
            int place = next.getAndIncrement();
            if (place >= portions.size()) {
                return false;
            }
            Portion portion = portions.get(place);
            ScannedFile.Text text = files.get(portion.file());
            file = portion.file();
            number = portion.from().lines();
            last = number + portion.lines();
            leftOut = text.lines().orElseThrow().leftOut();
            int found = Arrays.binarySearch(leftOut, number + 1);
            leaving = found < 0 ? -found - 1 : found;
            start = 0;
            filled = 0;
            atEnd = false;
            in = open(text, portion.from().bytes());
            return true;
        }

        private InputStream open(ScannedFile.Text text, long offset) throws IOException {
            if (!text.content().isSeekable()) {
                return text.content().text(readers);
            }
            InputStream in = Files.newInputStream(text.content().path());
            in.skipNBytes(offset);
            return in;
        }

        private void fill(Batch batch) throws IOException {
            int bytes = 0;
            while (!batch.isFull() && bytes < MOST_BATCH_BYTES && number < last) {
                int end = lineEnd();
                int to = end;
                if (!withReturns && to > start && end < filled && buffer[to - 1] == '\r') {
                    to--;
                }
                number++;
                boolean left = leaving < leftOut.length && leftOut[leaving] == number;
                leaving += left ? 1 : 0;
                if (!left && to > start && !isReturn(to)) {
                    batch.add(number, Arrays.copyOfRange(buffer, start, to));
                    bytes += to - start;
                }
                start = Math.min(end + 1, filled);
            }
        }

        /** Whether the line has nothing but the carriage return at its end. */
        private boolean isReturn(int to) {
            return to == start + 1 && buffer[start] == '\r';
        }

        private int lineEnd() throws IOException {
            int at = start;
            while (true) {
                at = Words.find(buffer, at, filled, (byte) '\n');
                if (at < filled || atEnd) {
                    return at;
                }
                int seen = at - start;
                readOn();
                at = start + seen;
            }
        }

        private void readOn() throws IOException {
            System.arraycopy(buffer, start, buffer, 0, filled - start);
            filled -= start;
            start = 0;
            if (filled == buffer.length) {
                buffer = Arrays.copyOf(buffer, buffer.length * 2);
            }
            InputStream from = in;
            int read = from == null ? -1 : from.read(buffer, filled, buffer.length - filled);
            atEnd = read < 0;
            filled += Math.max(read, 0);
        }

        @Override
        public void close() throws IOException {
            InputStream open = in;
            in = null;
            if (open != null) {
                open.close();
            }
        }
    }
}
