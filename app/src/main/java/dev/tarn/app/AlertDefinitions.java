package dev.tarn.app;

import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.alert.AlertBook;
import dev.tarn.project.AlertFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a project says about alerts, read again when the file has changed; while it is wrong, what
 * it said before holds.
 */
final class AlertDefinitions {
    private static final Logger log = LoggerFactory.getLogger(AlertDefinitions.class);

    private final Path project;
    private String stamp = "";
    private String link = "";
    private AlertBook book = AlertBook.EMPTY;
    private List<Problem> problems = List.of();

    AlertDefinitions(Path project) {
        this.project = project;
    }

    synchronized void linkOtherwise(String standard) {
        link = standard;
    }

    synchronized AlertBook book() {
        refresh();
        return book.link().isPresent() || link.isEmpty()
                ? book
                : new AlertBook(Optional.of(link), book.rules(), book.routes(), book.channels());
    }

    synchronized List<Problem> problems() {
        refresh();
        return problems;
    }

    private void refresh() {
        String now = stamp();
        if (now.equals(stamp)) {
            return;
        }
        stamp = now;
        try {
            AlertFiles.Reading reading = AlertFiles.read(project);
            problems = reading.problems();
            if (problems.isEmpty()) {
                book = reading.book();
            }
        } catch (TarnException e) {
            problems = e.problems();
        }
        problems.forEach(p -> log.warn("Alerts: {}", p));
    }

    private String stamp() {
        Path file = project.resolve(AlertFiles.FILE);
        try {
            return Files.exists(file)
                    ? Files.size(file) + "@" + Files.getLastModifiedTime(file)
                    : "none";
        } catch (IOException e) {
            return stamp;
        }
    }
}
