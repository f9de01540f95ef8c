package dev.tarn.jdbc;

import dev.tarn.jdbc.BinlogStatement.Effect;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes the events of a binary log apart. A group of them is what one transaction did; it begins
 * with its number and ends with its commit. Only rows of tables that are read are looked at.
 */
final class BinlogMessages implements LogDecoder {
    private static final int HEAD = 19;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final LogListener listener;
    private final BinlogServer server;
    private final BinlogValues values;
    private final IntPredicate isRead;
    private final Map<Long, Followed> tables = new HashMap<>();
    private final Set<Integer> changed = new HashSet<>();
    private int file;
    private boolean isOpen;
    private boolean isOneStatement;

    BinlogMessages(LogListener listener, BinlogServer server, IntPredicate isRead) {
        this.listener = listener;
        this.server = server;
        this.isRead = isRead;
        values = new BinlogValues(server::charset);
    }

    /** A table whose rows come. */
    private record Followed(int id, BinlogTable table, List<LogRelation.Told> told) {}

    @Override
    public void begin(Lsn from) {
        file = (int) (from.value() >>> 32);
        tables.clear();
        changed.clear();
        isOpen = false;
    }

    @Override
    public void take(ByteBuffer in) {
        int kind = in.get(4) & 0xFF;
        long next = Integer.toUnsignedLong(in.getInt(13));
        Lsn end = BinlogStream.place(file, next);
        in.position(HEAD);
        switch (kind) {
            case 4 -> file = BinlogStream.number(BinlogStream.rotatedTo(in));
            case 33, 34 -> group(in, end, in.limit() >= 68 ? mysqlMicros(in) : micros(in), false);
            case 162 -> group(in, end, micros(in), (in.get(HEAD + 12) & 1) != 0);
            case 2 -> statement(in, end);
            case 16 -> commit(end);
            case 19 -> table(in);
            case 23, 30 -> rows(in, kind == 30, LogListener.INSERT);
            case 24, 31 -> rows(in, kind == 31, LogListener.UPDATE);
            case 25, 32 -> rows(in, kind == 32, LogListener.DELETE);
            case 38 -> prepared(in, end);
            case 26 ->
                    throw BinlogErrors.unreadable(
                            server.settings(), "says that events are missing");
            case 39 ->
                    throw BinlogErrors.unreadable(
                            server.settings(),
                            "has parts of JSON values (binlog_row_value_options)");
            case 40, 165, 166, 167, 168, 169, 170, 171 ->
                    throw BinlogErrors.unreadable(
                            server.settings(),
                            "is compressed (binlog_transaction_compression, log_bin_compress)");
            default -> {
                // Nothing that changes rows.
            }
        }
    }

    /** Until the commit's own moment is known, that of the server's clock in whole seconds. */
    private static long micros(ByteBuffer in) {
        return Integer.toUnsignedLong(in.getInt(0)) * 1_000_000;
    }

    /** Behind the number of the transaction and two of its place stands when it was committed. */
    private static long mysqlMicros(ByteBuffer in) {
        long micros = 0;
        for (int i = 6; i >= 0; i--) {
            micros = micros << 8 | (in.get(HEAD + 42 + i) & 0xFFL);
        }
        long plain = micros & 0x7F_FFFF_FFFF_FFFFL;
        return plain == 0 ? micros(in) : plain;
    }

    private void group(ByteBuffer in, Lsn end, long micros, boolean oneStatement) {
        int length = in.getInt(9);
        // The group begins where this event does.
        Lsn place = new Lsn(end.value() - length);
        long number = (in.get(4) & 0xFF) == 162 ? in.getLong(HEAD) : in.getLong(HEAD + 17);
        changed.clear();
        isOpen = true;
        // A MySQL says by BEGIN that more than one statement comes.
        isOneStatement = oneStatement || (in.get(4) & 0xFF) != 162;
        listener.begin(place, micros, (int) (number == 0 ? place.value() : number));
    }

    private void commit(Lsn end) {
        if (isOpen) {
            isOpen = false;
            listener.commit(end);
        }
    }

    private void statement(ByteBuffer in, Lsn end) {
        in.position(HEAD + 8);
        int schemaLength = in.get() & 0xFF;
        in.getShort();
        int variables = in.getShort() & 0xFFFF;
        in.position(in.position() + variables);
        String schema = new String(BinlogTable.bytes(in, schemaLength), StandardCharsets.UTF_8);
        in.get();
        String text =
                new String(BinlogTable.bytes(in, in.remaining()), StandardCharsets.UTF_8).strip();
        String first = text.length() > 20 ? text.substring(0, 20) : text;
        boolean begins =
                first.equalsIgnoreCase("BEGIN") || first.regionMatches(true, 0, "XA START", 0, 8);
        if (begins) {
            isOneStatement = false;
            return;
        }
        if (first.equalsIgnoreCase("COMMIT")) {
            commit(end);
            return;
        }
        boolean isBack = first.regionMatches(true, 0, "ROLLBACK", 0, 8);
        if (isBack && text.length() <= 9) {
            lose("were rolled back together with changes of tables without transactions");
            commit(end);
            return;
        }
        if (isBack) {
            lose("were rolled back in part together with changes of tables without transactions");
            return;
        }
        if (!first.regionMatches(true, 0, "SAVEPOINT", 0, 9)
                && !first.regionMatches(true, 0, "XA ", 0, 3)) {
            effects(new BinlogStatement(schema, text));
        }
        if (text.length() > 17
                && text.regionMatches(true, text.length() - 17, "START TRANSACTION", 0, 17)) {
            isOneStatement = false;
        }
        if (isOneStatement) {
            commit(end);
        }
    }

    private void effects(BinlogStatement statement) {
        server.tables()
                .all()
                .forEach((table, id) -> {
                    if (!isRead.test(id)) {
                        return;
                    }
                    Effect effect = statement.on(table);
                    switch (effect) {
                        case NONE -> {}
                        case TRUNCATED ->
                                listener.change(
                                        LogListener.TRUNCATE, id, (byte) 0, NOTHING, NOTHING);
                        case DROPPED, RENAMED, PARTITION, AS_TEXT ->
                                lose(id, BinlogErrors.effect(effect, statement.toString()));
                    }
                });
    }

    /** The changes of the transaction are not what happened. */
    private void lose(String why) {
        changed.forEach(id -> lose(id, "rows " + why));
    }

    private void lose(int id, String why) {
        listener.change(
                LogListener.LOST,
                id,
                (byte) 0,
                NOTHING,
                ByteBuffer.wrap(why.getBytes(StandardCharsets.UTF_8)));
    }

    /** A transaction of several servers, which somebody may still take back. */
    private void prepared(ByteBuffer in, Lsn end) {
        boolean isCommit = in.get() != 0;
        if (!isCommit) {
            lose("were changed by an XA transaction in two phases, which is not followed");
        }
        commit(end);
    }

    private void table(ByteBuffer in) {
        long number = number(in);
        in.getShort();
        int begin = in.position();
        int schema = in.get(begin) & 0xFF;
        int name = in.get(begin + schema + 2) & 0xFF;
        MysqlTable of =
                new MysqlTable(text(in, begin + 1, schema), text(in, begin + schema + 3, name));
        Integer id = server.tables().find(of);
        if (id == null || !isRead.test(id)) {
            tables.remove(number);
            return;
        }
        Followed before = tables.get(number);
        BinlogTable table = BinlogTable.of(in, server.isMariadb());
        List<LogRelation.Told> told =
                before != null && same(before.table(), table) ? before.told() : server.told(table);
        tables.put(number, new Followed(id, table, told));
        listener.relation(id, told);
    }

    private static boolean same(BinlogTable one, BinlogTable other) {
        if (!one.names().equals(other.names()) || one.columns().size() != other.columns().size()) {
            return false;
        }
        for (int i = 0; i < one.columns().size(); i++) {
            BinlogTable.Column a = one.columns().get(i);
            BinlogTable.Column b = other.columns().get(i);
            boolean isSame =
                    a.type() == b.type()
                            && a.meta() == b.meta()
                            && a.isUnsigned() == b.isUnsigned()
                            && a.collation() == b.collation()
                            && a.words().size() == b.words().size()
                            && String.valueOf(BinlogTable.declared(a))
                                    .equals(String.valueOf(BinlogTable.declared(b)));
            if (!isSame) {
                return false;
            }
        }
        return true;
    }

    private static String text(ByteBuffer in, int from, int length) {
        byte[] bytes = new byte[length];
        in.get(from, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static long number(ByteBuffer in) {
        return Integer.toUnsignedLong(in.getInt()) | (in.getShort() & 0xFFFFL) << 32;
    }

    private void rows(ByteBuffer in, boolean hasMore, byte kind) {
        Followed followed = tables.get(number(in));
        if (followed == null) {
            return;
        }
        in.getShort();
        if (hasMore) {
            int length = in.getShort() & 0xFFFF;
            in.position(in.position() + length - 2);
        }
        int count = (int) BinlogTable.packed(in);
        byte[] there = BinlogTable.bytes(in, (count + 7) / 8);
        byte[] after = kind == LogListener.UPDATE ? BinlogTable.bytes(in, (count + 7) / 8) : there;
        changed.add(followed.id());
        while (in.hasRemaining()) {
            ByteBuffer first = row(in, followed, there);
            switch (kind) {
                case LogListener.INSERT ->
                        listener.change(kind, followed.id(), (byte) 0, NOTHING, first);
                case LogListener.DELETE ->
                        listener.change(kind, followed.id(), (byte) 'O', first, NOTHING);
                default ->
                        listener.change(
                                kind, followed.id(), (byte) 'O', first, row(in, followed, after));
            }
        }
    }

    private static boolean isSet(byte[] bits, int index) {
        return (bits[index / 8] >> index % 8 & 1) != 0;
    }

    /** A row as {@link LogRelation.Row} reads it. */
    private ByteBuffer row(ByteBuffer in, Followed followed, byte[] there) {
        List<BinlogTable.Column> columns = followed.table().columns();
        List<Integer> told = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (isSet(there, i)) {
                told.add(i);
            }
        }
        byte[] nulls = BinlogTable.bytes(in, (told.size() + 7) / 8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeShort(columns.size());
            int place = 0;
            for (int i = 0; i < columns.size(); i++) {
                if (!isSet(there, i)) {
                    out.writeByte('u');
                } else if (isSet(nulls, place++)) {
                    out.writeByte('n');
                } else {
                    write(out, value(in, columns.get(i), followed.told().get(i)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private byte @Nullable [] value(
            ByteBuffer in, BinlogTable.Column column, LogRelation.Told told) {
        return values.read(in, column, told.declared());
    }

    private static void write(DataOutputStream out, byte @Nullable [] value) throws IOException {
        if (value == null) {
            out.writeByte('n');
            return;
        }
        out.writeByte('t');
        out.writeInt(value.length);
        out.write(value);
    }
}
