package dev.tarn.model.job;

/** Names one start of a server; a restarted server is another one. */
public record ServerId(String value) {
    @Override
    public String toString() {
        return value;
    }
}
