package dev.tarn.spi;

/** Something that takes time. Safe for use by many threads. */
public interface Span extends AutoCloseable {
    /** Nobody hears of it. */
    Span NONE =
            new Span() {
                @Override
                public Span attribute(String name, String value) {
                    return this;
                }

                @Override
                public Span attribute(String name, long value) {
                    return this;
                }

                @Override
                public Span failed(String reason) {
                    return this;
                }

                @Override
                public Span leaves(String mark) {
                    return this;
                }

                @Override
                public Span follows(String mark) {
                    return this;
                }

                @Override
                public String traceparent() {
                    return "";
                }

                @Override
                public void close() {}
            };

    /** What a span is to others. */
    enum Kind {
        INTERNAL,
        /** It answers somebody else's request. */
        SERVER
    }

    Span attribute(String name, String value);

    Span attribute(String name, long value);

    Span failed(String reason);

    /** Names what came of it, so that later spans can refer to it. */
    Span leaves(String mark);

    /** Refers to the span that left a mark, if that is still known. */
    Span follows(String mark);

    /** What others send to be part of it, in the form of W3C's header; empty if nobody hears. */
    String traceparent();

    /** It is over. What is said afterwards is lost. */
    @Override
    void close();
}
