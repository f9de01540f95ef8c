package dev.tarn.spi;

import java.io.IOException;

/**
 * Numbered texts in several parts, such as the lines of files, that an engine fetches while a query
 * reads them. Each query reads all of them, with several threads.
 */
public interface TextFeed {
    /** Begins to hand them out. */
    Pass begin();

    /** All texts once, shared among the readers. */
    interface Pass {
        /** A reader for one thread; any thread may ask for one. */
        Reader reader();
    }

    /** Reads what no other reader of its pass reads. */
    interface Reader extends AutoCloseable {
        /** Puts the next texts into a batch, all of one part; false at the end. */
        boolean next(Batch batch) throws IOException;

        @Override
        void close() throws IOException;
    }

    /** Room for some texts. */
    final class Batch {
        private final long[] numbers;
        private final byte[][] texts;
        private int part;
        private int size;

        public Batch(int most) {
            numbers = new long[most];
            texts = new byte[most][];
        }

        /** Makes it empty, for texts of a part. */
        public void clear(int newPart) {
            part = newPart;
            size = 0;
        }

        public boolean isFull() {
            return size == numbers.length;
        }

        /** Adds a text in UTF-8. */
        public void add(long number, byte[] text) {
            numbers[size] = number;
            texts[size] = text;
            size++;
        }

        public int part() {
            return part;
        }

        public int size() {
            return size;
        }

        public long number(int index) {
            return numbers[index];
        }

        public byte[] text(int index) {
            return texts[index];
        }
    }
}
