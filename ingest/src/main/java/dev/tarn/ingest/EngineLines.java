package dev.tarn.ingest;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A text file of which the engine reads all lines but a few.
 *
 * @param columns by which the good lines are taken apart
 * @param lines how many the file has, empty ones included
 * @param returns whether lines end with a carriage return and a line feed
 * @param delimiter between fields of delimited text
 * @param passedOver lines that are no records, and that the engine would not find empty
 * @param aside lines that the engine is to leave to us: broken ones, and ones it reads otherwise
 * @param goodAside how many of them are not broken
 * @param marks places in the file at which it can be read on, the first one at its beginning
 */
record EngineLines(
        List<LineColumn> columns,
        long lines,
        boolean returns,
        char delimiter,
        List<Long> passedOver,
        List<Line> aside,
        long goodAside,
        List<Mark> marks) {
    EngineLines {
        columns = List.copyOf(columns);
        passedOver = List.copyOf(passedOver);
        aside = List.copyOf(aside);
        marks = List.copyOf(marks);
    }

    /** Where a line begins: after so many bytes, and after so many lines. */
    record Mark(long bytes, long lines) {}

    /** The numbers of lines that the engine does not get, in order. */
    long[] leftOut() {
        return LongStream.concat(
                        passedOver.stream().mapToLong(Long::longValue),
                        aside.stream().mapToLong(Line::number))
                .sorted()
                .toArray();
    }

    /**
     * One record, as it stands in the file; with line ends in quotes it takes several lines.
     *
     * @param number of the line in which it begins
     */
    record Line(long number, String text) {}

    /** The lines that were put aside, one after the other. */
    InputStream text() {
        StringBuilder text = new StringBuilder();
        for (Line line : aside) {
            text.append(line.text()).append('\n');
        }
        return new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
