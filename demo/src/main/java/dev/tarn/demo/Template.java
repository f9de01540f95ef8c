package dev.tarn.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A folder of files in the program, copied out by the list beside them. */
record Template(String folder) {
    private static final String INDEX = "index.txt";

    /**
     * Where the files go, relative to the new project; a name that begins with a dot is stored
     * without it.
     */
    List<String> files() {
        return read(INDEX).lines().filter(line -> !line.isBlank()).toList();
    }

    /**
     * Copies all files, or none when one of them is there already and may not be replaced.
     *
     * @param edit what is done to each text on the way
     */
    List<Path> copyTo(Path target, Existing existing, UnaryOperator<String> edit) {
        List<Path> written = new ArrayList<>();
        for (String file : files()) {
            Path path = target.resolve(file);
            if (existing == Existing.REFUSE && Files.exists(path)) {
                throw DemoErrors.fileInTheWay(path);
            }
            written.add(path);
        }
        for (String file : files()) {
            write(target.resolve(file), edit.apply(read(stored(file))));
        }
        return List.copyOf(written);
    }

    private static void write(Path path, String text) {
        try {
            Path parent = path.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.writeString(path, text);
        } catch (IOException e) {
            throw DemoErrors.cannotWrite(path, e);
        }
    }

    /** Tools that pack resources leave files out whose names begin with a dot. */
    private static String stored(String file) {
        return file.startsWith(".") ? "dot-" + file.substring(1) : file;
    }

    private String read(String file) {
        String resource = folder + "/" + file;
        try (InputStream in = Template.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw DemoErrors.templateMissing(resource);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw DemoErrors.templateMissing(resource);
        }
    }

    /** What to do about files that are there. */
    enum Existing {
        REPLACE,
        REFUSE
    }
}
