package dev.tarn.project;

import dev.tarn.model.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds and reads the files of one package. */
final class ProjectFiles {
    private static final Set<String> SKIPPED =
            Set.of("target", "dbt_packages", "dbt_modules", "logs");

    private final Path root;
    private final Path packageRoot;
    private final Problems problems;
    private final IgnoredFiles ignored;

    /**
     * @param root of the whole project; messages show paths below it
     * @param packageRoot of the package
     */
    ProjectFiles(Path root, Path packageRoot, Problems problems) {
        this.root = root;
        this.packageRoot = packageRoot;
        this.problems = problems;
        this.ignored = IgnoredFiles.of(packageRoot, problems);
    }

    /**
     * A file.
     *
     * @param shown its path as messages show it
     * @param inFolder its path below the folder it was searched in
     */
    record Found(Path path, String shown, Path inFolder) {
        /** The name without folders and extension. */
        String stem() {
            String name = inFolder.getFileName().toString();
            return name.substring(0, name.lastIndexOf('.'));
        }

        /** The folders below the searched one. */
        List<String> folders() {
            List<String> folders = new ArrayList<>();
            for (int i = 0; i < inFolder.getNameCount() - 1; i++) {
                folders.add(inFolder.getName(i).toString());
            }
            return folders;
        }

        boolean hasExtension(String... extensions) {
            String name = inFolder.getFileName().toString();
            for (String extension : extensions) {
                if (name.endsWith("." + extension)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** All files below some folders of the package, each once, sorted by path. */
    List<Found> below(Collection<String> folders) {
        Map<Path, Found> found = new LinkedHashMap<>();
        for (String folder : folders) {
            Path base = packageRoot.resolve(folder).normalize();
            if (Files.isDirectory(base)) {
                walk(base, found);
            }
        }
        return found.values().stream().sorted(Comparator.comparing(Found::shown)).toList();
    }

    private void walk(Path base, Map<Path, Found> found) {
        try {
            Files.walkFileTree(
                    base,
                    Set.of(FileVisitOption.FOLLOW_LINKS),
                    64,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path folder, BasicFileAttributes attributes) {
                            boolean made =
                                    SKIPPED.contains(name(folder))
                                            && packageRoot.equals(folder.getParent());
                            boolean skipped =
                                    !folder.equals(base) && (made || name(folder).startsWith("."));
                            return skipped
                                    ? FileVisitResult.SKIP_SUBTREE
                                    : FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(
                                Path file, BasicFileAttributes attributes) {
                            if (attributes.isRegularFile()
                                    && !name(file).startsWith(".")
                                    && !isIgnored(file)) {
                                found.putIfAbsent(
                                        file, new Found(file, shown(file), base.relativize(file)));
                            }
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            problems.add(ProjectErrors.unreadable(Place.of(shown(base)), reason(e)));
        }
    }

    private boolean isIgnored(Path file) {
        return file.startsWith(packageRoot)
                && ignored.contains(packageRoot.relativize(file).toString().replace('\\', '/'));
    }

    private static String name(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }

    /** A path as messages show it: below the project where possible, with forward slashes. */
    String shown(Path path) {
        Path shown = path.startsWith(root) ? root.relativize(path) : path;
        return shown.toString().replace('\\', '/');
    }

    /** The texts of files, read at the same time; those that cannot be read are left out. */
    Map<Found, String> texts(Collection<Found> files) {
        Map<Found, String> read =
                files.parallelStream()
                        .map(f -> Map.entry(f, text(f)))
                        .filter(e -> e.getValue().isPresent())
                        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().get()));
        Map<Found, String> ordered = new LinkedHashMap<>();
        for (Found file : files) {
            String text = read.get(file);
            if (text != null) {
                ordered.put(file, text);
            }
        }
        return ordered;
    }

    private Optional<String> text(Found file) {
        return text(file.path(), file.shown(), problems);
    }

    /** The text of one file; empty with a problem when it cannot be read. */
    static Optional<String> text(Path path, String shown, Problems problems) {
        try {
            byte[] bytes = Files.readAllBytes(path);
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            problems.add(ProjectErrors.unreadable(Place.of(shown), "it is not UTF-8"));
        } catch (IOException | UncheckedIOException e) {
            problems.add(ProjectErrors.unreadable(Place.of(shown), reason(e)));
        }
        return Optional.empty();
    }

    private static String reason(Exception e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : " " + e.getMessage());
    }
}
