package dev.tarn.schedule;

/**
 * What a task prints: its beginning and its end, whatever comes between is counted. Safe for use by
 * many threads.
 */
final class BoundedLog {
    static final int HEAD = 64 << 10;
    static final int TAIL = 64 << 10;

    private final StringBuilder head = new StringBuilder();
    private final StringBuilder tail = new StringBuilder();
    private long dropped;
    private long version;

    synchronized void line(String line) {
        text(line + "\n");
    }

    synchronized void text(String text) {
        version++;
        int room = HEAD - head.length();
        if (room > 0 && tail.isEmpty()) {
            int taken = Math.min(room, text.length());
            head.append(text, 0, taken);
            tail.append(text, taken, text.length());
        } else {
            tail.append(text);
        }
        if (tail.length() > 2 * TAIL) {
            int cut = tail.length() - TAIL;
            dropped += cut;
            tail.delete(0, cut);
        }
    }

    /** Grows with everything that is printed. */
    synchronized long version() {
        return version;
    }

    synchronized String text() {
        int cut = Math.max(0, tail.length() - TAIL);
        long missing = dropped + cut;
        String end = tail.substring(cut);
        return missing == 0
                ? head + end
                : head + "\n… %,d characters are left out here …\n".formatted(missing) + end;
    }
}
