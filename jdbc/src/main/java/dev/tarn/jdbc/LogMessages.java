package dev.tarn.jdbc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Takes apart what PostgreSQL's {@code pgoutput} sends, in the first version of its protocol. */
final class LogMessages implements LogDecoder {
    /** Microseconds from 1970 to 2000, which is where PostgreSQL's moments begin. */
    private static final long EPOCH = 946_684_800_000_000L;

    private final LogListener listener;

    LogMessages(LogListener listener) {
        this.listener = listener;
    }

    @Override
    public void take(ByteBuffer in) {
        byte kind = in.get();
        switch (kind) {
            case 'B' -> {
                Lsn commit = new Lsn(in.getLong());
                long micros = in.getLong() + EPOCH;
                listener.begin(commit, micros, in.getInt());
            }
            case 'C' -> {
                in.get();
                in.getLong();
                listener.commit(new Lsn(in.getLong()));
            }
            case 'R' -> relation(in);
            case 'I' -> {
                int relation = in.getInt();
                in.get();
                listener.change(kind, relation, (byte) 0, none(), row(in));
            }
            case 'U' -> update(in);
            case 'D' -> {
                int relation = in.getInt();
                byte oldKind = in.get();
                listener.change(kind, relation, oldKind, row(in), none());
            }
            case 'T' -> {
                int relations = in.getInt();
                in.get();
                for (int i = 0; i < relations; i++) {
                    listener.change(kind, in.getInt(), (byte) 0, none(), none());
                }
            }
            default -> {
                // Names of types, origins: nothing that rows need.
            }
        }
    }

    private void update(ByteBuffer in) {
        int relation = in.getInt();
        byte next = in.get();
        byte oldKind = 0;
        ByteBuffer old = none();
        if (next != 'N') {
            oldKind = next;
            old = row(in);
            in.get();
        }
        listener.change((byte) 'U', relation, oldKind, old, row(in));
    }

    private void relation(ByteBuffer in) {
        int id = in.getInt();
        text(in);
        text(in);
        in.get();
        int size = in.getShort();
        List<LogRelation.Told> columns = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            boolean isKey = (in.get() & 1) != 0;
            String name = text(in);
            columns.add(new LogRelation.Told(name, isKey, in.getInt(), in.getInt(), ""));
        }
        listener.relation(id, columns);
    }

    private static ByteBuffer none() {
        return ByteBuffer.allocate(0);
    }

    /** The bytes of a row, as they are. */
    private static ByteBuffer row(ByteBuffer in) {
        int from = in.position();
        LogRelation.skip(in);
        return in.slice(from, in.position() - from);
    }

    private static String text(ByteBuffer in) {
        int from = in.position();
        int end = from;
        while (in.get(end) != 0) {
            end++;
        }
        byte[] text = new byte[end - from];
        in.get(text);
        in.get();
        return new String(text, StandardCharsets.UTF_8);
    }
}
