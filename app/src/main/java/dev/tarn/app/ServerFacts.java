package dev.tarn.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What decides about the result of a command besides the project's files: where the project and its
 * tables are, settings, the program, and variables of the environment that the project asks for.
 * Another process does the same only if all of it is the same there. Values of variables are not
 * told, only compared.
 */
final class ServerFacts {
    private static final String VARIABLE = "env.";
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final List<String> ALWAYS = List.of("DBT_", "AWS_", "TARN_PYTHON");
    private static final Set<String> NOT_READ = Set.of(".git", "target", "logs", "node_modules");
    private static final Pattern READ = Pattern.compile(".*\\.(ya?ml|sql|py|json|toml)");

    /** What decides about programs that a project starts. */
    private static final Set<String> OF_PROGRAMS =
            Set.of("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "HOME");

    private static final Pattern PROGRAMS = Pattern.compile("(?m)^\\s*command\\s*:");
    private static final long SIZE_MAX = 4 << 20;

    private final OpenRequest request;
    private final Settings settings;

    ServerFacts(OpenRequest request, Settings settings) {
        this.request = request;
        this.settings = settings;
    }

    /** Of this process, for others to compare. */
    Map<String, String> mine(String key) {
        Map<String, String> facts = new TreeMap<>(common());
        facts.put("variables", Integer.toString(request.vars().size()));
        request.environment()
                .forEach((name, value) -> {
                    if (NAME.matcher(name).matches()) {
                        facts.put(VARIABLE + name, sealed(key, name, value));
                    }
                });
        return facts;
    }

    private Map<String, String> common() {
        Map<String, String> facts = new TreeMap<>();
        facts.put("project", digest(folder().toString()));
        facts.put(
                "settings",
                digest(
                        settings.origins().stream()
                                .map(s -> s.name() + "=" + s.value())
                                .sorted()
                                .collect(Collectors.joining("\n"))));
        facts.put(
                "program",
                digest(CompileMemory.program(System.getProperty("java.class.path", ""))));
        return facts;
    }

    /** What the process that wrote a note does otherwise, as half a sentence. */
    Optional<String> differ(ServerNote note) {
        Map<String, String> theirs = note.facts();
        Map<String, String> ours = common();
        if (!Objects.equals(ours.get("project"), theirs.get("project"))) {
            return Optional.of("is one of another project");
        }
        if (!Objects.equals(ours.get("settings"), theirs.get("settings"))) {
            return Optional.of("has other settings than this command");
        }
        if (!Objects.equals(ours.get("program"), theirs.get("program"))) {
            return Optional.of("runs another version of Tarn");
        }
        if (!"0".equals(theirs.get("variables"))) {
            return Optional.of("was started with --vars");
        }
        Set<String> other = variables(note);
        return other.isEmpty()
                ? Optional.empty()
                : Optional.of("has other variables: " + String.join(", ", other));
    }

    /** Variables that are otherwise there, and that matter. */
    private Set<String> variables(ServerNote note) {
        Map<String, String> ours = mine(note.token());
        Set<String> names = new TreeSet<>(ours.keySet());
        names.addAll(note.facts().keySet());
        names.removeIf(n ->
                !n.startsWith(VARIABLE)
                        || ours.getOrDefault(n, "").equals(note.facts().getOrDefault(n, "")));
        Set<String> other =
                names.stream()
                        .map(n -> n.substring(VARIABLE.length()))
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<String> asked = asked(other);
        other.removeIf(n -> !asked.contains(n) && ALWAYS.stream().noneMatch(n::startsWith));
        return other;
    }

    /** Those that files of the project name. */
    private Set<String> asked(Set<String> names) {
        Set<String> asked = new TreeSet<>();
        if (names.isEmpty()) {
            return asked;
        }
        try {
            Files.walkFileTree(folder(), new Reading(names, asked));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return asked;
    }

    private final class Reading extends SimpleFileVisitor<Path> {
        private final Set<String> names;
        private final Set<String> asked;

        Reading(Set<String> names, Set<String> asked) {
            this.names = names;
            this.asked = asked;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            boolean skipped =
                    !dir.equals(folder())
                            && (NOT_READ.contains(String.valueOf(dir.getFileName()))
                                    || dir.startsWith(settings.workDirectory()));
            return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            String name = file.toString();
            if (READ.matcher(name).matches() && attributes.size() <= SIZE_MAX) {
                String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                if (text.contains("env")) {
                    Matcher words = NAME.matcher(text);
                    while (words.find()) {
                        if (names.contains(words.group())) {
                            asked.add(words.group());
                        }
                    }
                }
                if (name.endsWith(".py") || PROGRAMS.matcher(text).find()) {
                    names.stream().filter(OF_PROGRAMS::contains).forEach(asked::add);
                }
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException reason) {
            return FileVisitResult.CONTINUE;
        }
    }

    private Path folder() {
        return request.projectDirectory().toAbsolutePath().normalize();
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String sealed(String key, String name, String value) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of()
                    .formatHex(mac.doFinal((name + "=" + value).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
