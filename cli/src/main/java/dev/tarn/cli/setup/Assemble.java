package dev.tarn.cli.setup;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Makes one folder with everything a start needs: all jars, {@code tarn.jar} that names them, and
 * the engine's native library beside its jar, where it is loaded from without being unpacked again.
 *
 * <p>Usage: {@code Assemble CLASSPATH_FILE OWN_JAR FOLDER}. Depends on the JDK only, because it
 * runs before there is anything to run.
 */
public final class Assemble {
    private static final String MAIN_CLASS = "dev.tarn.cli.Cli";
    private static final String NATIVE_PREFIX = "libduckdb_java.so_";

    private Assemble() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            throw new IllegalArgumentException("Usage: Assemble CLASSPATH_FILE OWN_JAR FOLDER");
        }
        List<Path> jars = new ArrayList<>();
        jars.add(Path.of(args[1]));
        for (String entry : Files.readString(Path.of(args[0])).strip().split(File.pathSeparator)) {
            jars.add(Path.of(entry));
        }
        assemble(
                jars,
                Path.of(args[2]),
                System.getProperty("os.name", ""),
                System.getProperty("os.arch", ""));
    }

    static void assemble(List<Path> jars, Path folder, String os, String arch) throws IOException {
        Files.createDirectories(folder);
        List<String> names = new ArrayList<>();
        for (Path jar : jars) {
            String name = jar.getFileName().toString();
            names.add(name);
            if (name.startsWith("duckdb_jdbc-")) {
                splitNative(jar, folder, NATIVE_PREFIX + platform(os, arch));
            } else {
                Files.copy(jar, folder.resolve(name));
            }
        }
        writeStarter(folder.resolve("tarn.jar"), names);
    }

    /** The platform as the engine's jar names it, such as {@code linux_amd64}. */
    static String platform(String os, String arch) {
        String system = os.toLowerCase(Locale.ROOT);
        String processor = arch.toLowerCase(Locale.ROOT);
        return (system.startsWith("windows")
                        ? "windows"
                        : system.startsWith("mac") ? "macos" : system)
                + "_"
                + switch (processor) {
                    case "x86_64" -> "amd64";
                    case "aarch64" -> "arm64";
                    default -> processor;
                };
    }

    /**
     * Writes the jar without native libraries, and this platform's library beside it. A jar that
     * has none for this platform stays whole, so that its own message tells what is missing.
     */
    private static void splitNative(Path jar, Path folder, String library) throws IOException {
        Path target = folder.resolve(jar.getFileName().toString());
        try (ZipFile source = new ZipFile(jar.toFile())) {
            ZipEntry wanted = source.getEntry(library);
            if (wanted == null) {
                Files.copy(jar, target);
                return;
            }
            try (InputStream in = source.getInputStream(wanted)) {
                Files.copy(in, folder.resolve(library));
            }
            try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(target))) {
                for (ZipEntry entry : Collections.list(source.entries())) {
                    if (entry.getName().startsWith(NATIVE_PREFIX)) {
                        continue;
                    }
                    ZipEntry copy = new ZipEntry(entry.getName());
                    copy.setTime(entry.getTime());
                    out.putNextEntry(copy);
                    try (InputStream in = source.getInputStream(entry)) {
                        in.transferTo(out);
                    }
                    out.closeEntry();
                }
            }
        }
    }

    private static void writeStarter(Path file, List<String> names) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, MAIN_CLASS);
        attributes.put(Attributes.Name.CLASS_PATH, String.join(" ", names));
        // The engine's native code, and Arrow's access to direct buffers.
        attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
        attributes.putValue("Add-Opens", "java.base/java.nio");
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.flush();
        }
    }
}
