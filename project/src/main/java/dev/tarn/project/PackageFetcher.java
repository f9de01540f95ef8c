package dev.tarn.project;

import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Brings packages from wherever they are into folders of this machine. */
final class PackageFetcher {
    private static final long GIT_MINUTES_MAX = 10;

    private final Path scratch;
    private final PackageHub hub;
    private final Map<String, Map<String, String>> listings = new HashMap<>();
    private final Map<String, Path> done = new HashMap<>();

    /**
     * @param scratch an empty folder; whoever calls removes it
     */
    PackageFetcher(Path scratch, PackageHub hub) {
        this.scratch = scratch;
        this.hub = hub;
    }

    /** The versions of a package that the hub has. */
    List<PackageVersion> versions(PackageSpec.Hub spec) {
        return listing(spec).keySet().stream()
                .map(PackageVersion::parse)
                .flatMap(Optional::stream)
                .toList();
    }

    private Map<String, String> listing(PackageSpec.Hub spec) {
        Map<String, String> known = listings.get(spec.name());
        if (known != null) {
            return known;
        }
        Optional<Map<String, String>> found;
        try {
            found = hub.archives(spec.name());
        } catch (IOException e) {
            throw unreachable(spec, e);
        }
        Map<String, String> listing =
                found.orElseThrow(
                        () -> new TarnException(PackageErrors.unknown(spec.place(), spec.name())));
        listings.put(spec.name(), listing);
        return listing;
    }

    private TarnException unreachable(PackageSpec.Hub spec, IOException e) {
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new TarnException(
                PackageErrors.hubUnreachable(spec.place(), spec.name(), hub.address(), reason));
    }

    Path fetch(PackageSpec.Hub spec, PackageVersion version) {
        String url =
                listing(spec).entrySet().stream()
                        .filter(e -> PackageVersion.parse(e.getKey()).equals(Optional.of(version)))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElseThrow();
        return unpacked(spec, url);
    }

    Path fetch(PackageSpec.Archive spec) {
        return unpacked(spec, spec.url());
    }

    private Path unpacked(PackageSpec spec, String url) {
        Path known = done.get(url);
        if (known != null) {
            return known;
        }
        Path folder = scratch.resolve("archive-" + done.size());
        try {
            byte[] archive = hub.download(url);
            Files.createDirectories(folder);
            TarArchive.unpack(new ByteArrayInputStream(archive), folder);
        } catch (IOException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new TarnException(PackageErrors.archive(spec.place(), spec.shown(), reason));
        }
        done.put(url, folder);
        return folder;
    }

    /** A working copy, and the commit it is at. */
    record Checkout(Path folder, String commit) {}

    Checkout fetch(PackageSpec.Git spec) {
        String key = spec.url() + " " + spec.revision().orElse("");
        Path folder = done.get(key);
        if (folder == null) {
            folder = scratch.resolve("git-" + done.size());
            git(spec, scratch, List.of("clone", "--quiet", "--", spec.url(), folder.toString()));
            if (spec.revision().isPresent()) {
                git(
                        spec,
                        folder,
                        List.of("checkout", "--quiet", "--detach", spec.revision().get(), "--"));
            }
            done.put(key, folder);
        }
        String commit = git(spec, folder, List.of("rev-parse", "HEAD"));
        return new Checkout(folder.resolve(spec.subdirectory().orElse(".")).normalize(), commit);
    }

    private String git(PackageSpec.Git spec, Path folder, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.redirectErrorStream(true);
        builder.environment().put("GIT_TERMINAL_PROMPT", "0");
        builder.environment().put("LC_ALL", "C");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new TarnException(PackageErrors.noGit(spec.place(), spec.shown()));
        }
        try (var output = process.getInputStream()) {
            process.getOutputStream().close();
            String said = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(GIT_MINUTES_MAX, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new TarnException(problem(spec, said));
            }
            return said;
        } catch (IOException e) {
            throw new TarnException(problem(spec, String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TarnException(problem(spec, "interrupted"));
        } finally {
            process.destroy();
        }
    }

    /** The last line is the one that says why. */
    private static Problem problem(PackageSpec.Git spec, String said) {
        String last = said.substring(said.lastIndexOf('\n') + 1);
        return PackageErrors.git(
                spec.place(),
                spec.shown(),
                spec.url().equals(spec.written()) ? last : last.replace(spec.url(), spec.shown()));
    }
}
