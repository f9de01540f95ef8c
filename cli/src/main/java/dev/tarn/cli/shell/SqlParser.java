package dev.tarn.cli.shell;

import java.util.ArrayList;
import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Tells the line editor when a statement is whole, and which word the cursor is in. */
final class SqlParser implements Parser {
    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        if (context == ParseContext.ACCEPT_LINE && !Statements.isWhole(line)) {
            throw new EOFError(-1, -1, "The statement goes on until a semicolon");
        }
        List<String> words = new ArrayList<>();
        int index = -1;
        int inWord = 0;
        int i = 0;
        while (i < line.length()) {
            if (!isPartOfName(line.charAt(i))) {
                i++;
                continue;
            }
            int start = i;
            while (i < line.length() && isPartOfName(line.charAt(i))) {
                i++;
            }
            if (cursor >= start && cursor <= i) {
                index = words.size();
                inWord = cursor - start;
            }
            words.add(line.substring(start, i));
        }
        if (index < 0) {
            index = words.size();
            words.add("");
        }
        return new Line(line, cursor, List.copyOf(words), index, inWord);
    }

    private static boolean isPartOfName(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '\\' || c == ':';
    }

    private record Line(String line, int cursor, List<String> words, int wordIndex, int wordCursor)
            implements CompletingParsedLine {
        @Override
        public String word() {
            return words.get(wordIndex);
        }

        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            return candidate; // names are offered as they are written
        }

        @Override
        public int rawWordCursor() {
            return wordCursor;
        }

        @Override
        public int rawWordLength() {
            return word().length();
        }
    }
}
