package dev.tarn.cli.dbt;

import dev.tarn.cli.Console;
import dev.tarn.project.PackageInstaller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Installs packages, and writes down which. */
final class DepsVerb extends Verb {
    private static final Pattern SPEC = Pattern.compile("(?<name>[^@\\s]+?)(?:@(?<version>.+))?");

    @Option(names = "--upgrade", negatable = true)
    boolean upgrade;

    @Option(names = "--lock", negatable = true)
    boolean lock;

    @Option(names = "--add-package")
    Optional<String> addPackage = Optional.empty();

    @Option(names = "--source")
    String source = "hub";

    @Option(names = "--dry-run", negatable = true)
    boolean dryRun;

    DepsVerb(Console console, Stopping stopping) {
        super(console, stopping);
    }

    @Override
    int run(Session session) {
        session.log().info("Running with dbt=" + Artifacts.DBT_VERSION);
        if (addPackage.isPresent()) {
            add(session, addPackage.get());
            if (dryRun) {
                return DONE;
            }
        }
        if (lock) {
            session.tarn().lockPackages().forEach(p -> told(session, p, "Would install "));
            session.log()
                    .info(
                            "Updated lock file in file path: "
                                    + session.directory().resolve("package-lock.yml"));
            return DONE;
        }
        List<PackageInstaller.Installed> installed = session.tarn().installPackages(upgrade);
        if (installed.isEmpty()) {
            session.log().info("Warning: No packages were found in packages.yml");
        }
        installed.forEach(p -> told(session, p, "Installing "));
        return DONE;
    }

    private static void told(Session session, PackageInstaller.Installed p, String verb) {
        session.log().info(verb + p.name());
        session.log().info("  from " + p.origin() + " " + p.version());
    }

    /** Writes a package into the file that has the others. */
    private void add(Session session, String text) {
        Matcher m = SPEC.matcher(text);
        boolean needsVersion = !source.equals("local");
        if (!List.of("hub", "git", "local").contains(source)) {
            throw DbtErrors.oneOf("--source", "hub, git, local", source);
        }
        if (!m.matches() || (needsVersion && m.group("version") == null)) {
            throw DbtErrors.packageSpec(text);
        }
        String name = m.group("name");
        String version = m.group("version");
        String entry =
                switch (source) {
                    case "local" -> "  - local: " + name + "\n";
                    case "git" -> "  - git: " + name + "\n    revision: " + version + "\n";
                    default -> "  - package: " + name + "\n    version: " + version + "\n";
                };
        Path dependencies = session.directory().resolve("dependencies.yml");
        Path file =
                Files.isRegularFile(dependencies)
                        ? dependencies
                        : session.directory().resolve("packages.yml");
        try {
            String before = Files.isRegularFile(file) ? Files.readString(file) : "";
            Files.writeString(file, added(before, name, entry));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        session.log().info("Added new package " + name + " to " + file);
    }

    /** The file with the entry at the end of its list, in the place of one of the same name. */
    private static String added(String before, String name, String entry) {
        StringBuilder kept = new StringBuilder();
        boolean listed = false;
        boolean replaced = false;
        boolean skipping = false;
        for (String line : before.lines().toList()) {
            if (line.stripLeading().startsWith("- ")) {
                skipping = line.replaceAll("[\"']", "").stripTrailing().endsWith(" " + name);
                if (skipping) {
                    kept.append(entry);
                    replaced = true;
                }
            } else if (!line.startsWith(" ")) {
                skipping = false;
            }
            if (!skipping) {
                kept.append(line).append('\n');
            }
            if (line.startsWith("packages:")) {
                listed = true;
                if (!before.contains(" " + name)) {
                    kept.append(entry);
                    replaced = true;
                }
            }
        }
        if (!listed) {
            kept.append("packages:\n");
        }
        return replaced ? kept.toString() : kept.append(entry).toString();
    }
}
