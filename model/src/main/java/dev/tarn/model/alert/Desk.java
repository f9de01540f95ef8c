package dev.tarn.model.alert;

/**
 * The one process that looks for what is wrong and sends messages.
 *
 * @param holder its name; empty when nobody does it
 * @param process its number on its host
 * @param processStart when that process began, in milliseconds
 * @param beats grows while it lives
 * @param fence grows whenever somebody else takes over
 */
public record Desk(
        String holder, String host, long process, long processStart, long beats, long fence) {
    public static final Desk FREE = new Desk("", "", 0, 0, 0, 0);
}
