package dev.tarn.ingest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Cuts UTF-8 text into the texts of its records: lines, or the elements of a list, or objects that
 * follow each other. Behind a cut that cannot be made nothing more can be read, except in lines.
 */
final class JsonPieces implements AutoCloseable {
    private static final int MOST_BYTES = 64 << 20;
    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final boolean byLine;
    private final byte[] buffer = new byte[BUFFER];
    private int filled;
    private int position;

    private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
    private String text = "";
    private long number;
    private Optional<String> problem = Optional.empty();
    private boolean inList;
    private boolean finished;

    JsonPieces(InputStream in, boolean byLine) {
        this.in = in;
        this.byLine = byLine;
    }

    boolean next() throws IOException {
        piece.reset();
        problem = Optional.empty();
        boolean found = !finished && (byLine ? nextLine() : nextElement());
        text = found ? decoded() : "";
        return found;
    }

    String text() {
        return text;
    }

    /** The number of the current piece, from 1; empty lines count. */
    long number() {
        return number;
    }

    Optional<String> problem() {
        return problem;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private boolean nextLine() throws IOException {
        while (peek() >= 0) {
            piece.reset();
            number++;
            boolean blank = true;
            boolean ended = false;
            while (!ended && peek() >= 0) {
                int end = position;
                while (end < filled && buffer[end] != '\n') {
                    blank &= isSpace(buffer[end]);
                    end++;
                }
                ended = end < filled;
                if (piece.size() + end - position > MOST_BYTES) {
                    problem = Optional.of("is longer than 64 MiB");
                }
                take(Math.min(end, position + MOST_BYTES - piece.size()));
                position = ended ? end + 1 : end;
            }
            if (!blank) {
                return true;
            }
        }
        return false;
    }

    private boolean nextElement() throws IOException {
        skipSpace();
        if (number == 0 && !inList && peek() == '[') {
            read();
            inList = true;
            skipSpace();
            if (peek() == ']') {
                read();
                return endOfList();
            }
        } else if (inList) {
            int separator = peek();
            if (separator == ']') {
                read();
                return endOfList();
            }
            if (separator != ',') {
                number++;
                return broken(separator < 0 ? "ends without a ']'" : "lacks a ','");
            }
            read();
            skipSpace();
        } else if (peek() < 0) {
            return false;
        }
        number++;
        return element();
    }

    private boolean endOfList() throws IOException {
        finished = true;
        skipSpace();
        if (peek() < 0) {
            return false;
        }
        number++;
        return broken("has something behind the list");
    }

    /** What is buffered up to there becomes part of the piece. */
    private void take(int end) {
        piece.write(buffer, position, end - position);
        position = end;
    }

    /** Texts are most of what there is: what is plain in them is taken as a whole. */
    private void takePlain() {
        int end = position;
        int most = Math.min(filled, position + MOST_BYTES - piece.size());
        while (end < most && buffer[end] != '"' && buffer[end] != '\\') {
            end++;
        }
        if (end > position) {
            take(end);
        }
    }

    private boolean element() throws IOException {
        int depth = 0;
        boolean inString = false;
        while (true) {
            if (inString) {
                takePlain();
            }
            int b = peek();
            boolean outside = depth == 0 && !inString;
            if (b < 0) {
                boolean whole = outside && piece.size() > 0;
                return whole || broken("ends in the middle");
            }
            if (outside && piece.size() > 0 && (b == ',' || b == ']' || isSpace(b))) {
                return true;
            }
            if (outside && piece.size() == 0 && (b == ',' || b == ']' || b == '}')) {
                return broken("lacks a value");
            }
            piece.write(read());
            if (piece.size() > MOST_BYTES) {
                return broken("has a value longer than 64 MiB");
            }
            if (inString) {
                if (b == '\\' && peek() >= 0) {
                    piece.write(read());
                }
                inString = b != '"';
            } else {
                inString = b == '"';
                depth += b == '{' || b == '[' ? 1 : 0;
                depth -= b == '}' || b == ']' ? 1 : 0;
                if (depth < 0) {
                    return broken("closes what was not opened");
                }
                if (depth == 0 && (b == '}' || b == ']')) {
                    return true;
                }
            }
        }
    }

    /** What is left of the file becomes one piece that cannot be read. */
    private boolean broken(String reason) throws IOException {
        while (peek() >= 0) {
            int b = read();
            if (piece.size() < BUFFER) {
                piece.write(b);
            }
        }
        problem = Optional.of("is not valid JSON: the file " + reason + " here");
        finished = true;
        return true;
    }

    private void skipSpace() throws IOException {
        while (isSpace(peek())) {
            read();
        }
    }

    private static boolean isSpace(int b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    private int read() throws IOException {
        int b = peek();
        position++;
        return b;
    }

    private int peek() throws IOException {
        if (position >= filled) {
            position = 0;
            filled = in.read(buffer, 0, buffer.length);
            if (filled <= 0) {
                filled = 0;
                return -1;
            }
        }
        return buffer[position] & 0xff;
    }

    private String decoded() {
        byte[] bytes = piece.toByteArray();
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            if (problem.isEmpty()) {
                problem = Optional.of("is not valid UTF-8 text");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
