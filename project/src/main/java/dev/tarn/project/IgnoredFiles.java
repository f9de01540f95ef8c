package dev.tarn.project;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The files that {@code .dbtignore} in the folder of a package leaves out, as git reads its own:
 * the last line that fits a path decides, and {@code !} takes back.
 */
final class IgnoredFiles {
    private static final String FILE = ".dbtignore";

    private final List<Rule> rules;

    private record Rule(Pattern pattern, boolean ignores) {}

    private IgnoredFiles(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    static IgnoredFiles of(Path packageRoot, Problems problems) {
        Path file = packageRoot.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return new IgnoredFiles(List.of());
        }
        return parse(ProjectFiles.text(file, FILE, problems).orElse(""));
    }

    static IgnoredFiles parse(String text) {
        List<Rule> rules = new ArrayList<>();
        text.lines().forEach(line -> rule(line).ifPresent(rules::add));
        return new IgnoredFiles(rules);
    }

    /**
     * @param path below the folder of the package, with forward slashes
     */
    boolean contains(String path) {
        boolean ignored = false;
        for (Rule rule : rules) {
            if (rule.pattern().matcher(path).matches()) {
                ignored = rule.ignores();
            }
        }
        return ignored;
    }

    private static Optional<Rule> rule(String line) {
        String text = line.replaceFirst("(?<!\\\\)\\s+$", "");
        if (text.isEmpty() || text.startsWith("#")) {
            return Optional.empty();
        }
        boolean ignores = !text.startsWith("!");
        if (!ignores || text.startsWith("\\!") || text.startsWith("\\#")) {
            text = text.substring(1);
        }
        boolean folder = text.endsWith("/");
        String path = folder ? text.substring(0, text.length() - 1) : text;
        boolean anchored = path.contains("/");
        StringBuilder regex = new StringBuilder(anchored ? "" : "(?:.+/)?");
        append(regex, path.startsWith("/") ? path.substring(1) : path);
        regex.append(folder ? "/.*" : "(?:/.*)?");
        return Optional.of(new Rule(Pattern.compile(regex.toString()), ignores));
    }

    private static void append(StringBuilder regex, String glob) {
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (glob.startsWith("**/", i) && (i == 0 || glob.charAt(i - 1) == '/')) {
                regex.append("(?:.+/)?");
                i += 2;
            } else if (glob.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (c == '*') {
                regex.append("[^/]*");
            } else if (c == '?') {
                regex.append("[^/]");
            } else if (c == '[' && glob.indexOf(']', i + 2) > 0) {
                int end = glob.indexOf(']', i + 2);
                String set = glob.substring(i + 1, end).replace("\\", "\\\\").replace("[", "\\[");
                regex.append('[')
                        .append(set.startsWith("!") ? "^" + set.substring(1) : set)
                        .append("&&[^/]]");
                i = end;
            } else if (c == '\\' && i + 1 < glob.length()) {
                regex.append(Pattern.quote(glob.substring(i + 1, i + 2)));
                i++;
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
    }
}
