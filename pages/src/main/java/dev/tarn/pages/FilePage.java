package dev.tarn.pages;

import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.text;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A file of the project, with the line somebody was sent to. Shows sources and nothing else. */
final class FilePage {
    private static final Set<String> ENDINGS = Set.of("sql", "yml", "yaml", "py", "md");
    private static final Set<String> SECRETS = Set.of("profiles.yml", "profiles.yaml", "tarn.yml");
    private static final long BYTES_MAX = 2_000_000;

    private final Ground ground;

    FilePage(Ground ground) {
        this.ground = ground;
    }

    Optional<Shell.Content> content(Ask ask) {
        List<String> parts = ask.path().subList(1, ask.path().size());
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        String name = String.join("/", parts);
        String source = read(ground.root(), parts).orElseThrow(() -> missing(name));
        int line = ask.number("line", 0, 0, Integer.MAX_VALUE);
        return Optional.of(
                Shell.Content.of(
                        name,
                        Shell.CATALOG,
                        Shell.heading(
                                name,
                                line == 0
                                        ? "A file of the project, as it is now."
                                        : "Line %d. The file is shown as it is now."
                                                .formatted(line)),
                        Source.show(source, name, line)));
    }

    /** A source file of the project; empty for anything else, also for what is only linked to. */
    static Optional<String> read(Path root, List<String> parts) {
        String last = parts.getLast().toLowerCase(Locale.ROOT);
        boolean shown =
                ENDINGS.contains(last.substring(last.lastIndexOf('.') + 1))
                        && !SECRETS.contains(last)
                        && parts.stream()
                                .noneMatch(p ->
                                        p.startsWith(".") || p.contains("/") || p.contains("\\"));
        if (!shown) {
            return Optional.empty();
        }
        try {
            Path home = root.toRealPath();
            Path file = home.resolve(String.join("/", parts)).toRealPath();
            if (!file.startsWith(home)
                    || !Files.isRegularFile(file)
                    || Files.size(file) > BYTES_MAX) {
                return Optional.empty();
            }
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static TarnException missing(String name) {
        return new TarnException(
                ErrorCode.NODE_NOT_FOUND,
                "%s is no source file of this project. Shown are its .sql, .yml, .py and .md files, up to 2 MB."
                        .formatted(name));
    }

    /** A hint where a page wants to show a file and cannot. */
    static Html absent(String file) {
        return el("p", cls("soft"), text(file + " cannot be shown."));
    }
}
