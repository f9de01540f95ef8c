package dev.tarn.model.alert;

import dev.tarn.model.Place;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Something that is wrong now.
 *
 * @param subject what it is about, as people call it: a table, a node, a job
 * @param owner who answers for it
 * @param since when it began
 * @param message what is wrong, in whole sentences
 * @param place the file, and where in it
 * @param blast what stands still or is held because of it, nearest first
 * @param lastGood the newest publication in which it was right, in words
 * @param path the page that shows it, from the root of the server
 */
public record Finding(
        AlertKind kind,
        String subject,
        Optional<String> owner,
        Instant since,
        String message,
        Optional<Place> place,
        List<String> blast,
        Optional<String> lastGood,
        String path) {
    public Finding {
        blast = List.copyOf(blast);
    }
}
