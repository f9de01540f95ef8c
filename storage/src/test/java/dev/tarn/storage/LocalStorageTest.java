package dev.tarn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tarn.spi.Storage;
import dev.tarn.spi.StorageContract;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Local disk: the contract of storage, and what disks do. */
final class LocalStorageTest extends StorageContract {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir Path folder;
    private final Storage storage = new LocalStorage(CLOCK);

    @Override
    protected Storage storage() {
        return storage;
    }

    @Override
    protected String root() {
        return folder.toString();
    }

    @Test
    void aLocalFileIsItsOwnCopy() throws IOException {
        write("x", "content");

        assertThat(storage.local(storage.find(at("x")).orElseThrow()))
                .isEqualTo(folder.resolve("x"));
    }

    @Test
    void fileUrisAreLocations() throws IOException {
        write("x.csv", "content");
        String uri = folder.resolve("x.csv").toUri().toString();

        assertThat(storage.handles(uri)).isTrue();
        assertThat(storage.find(uri)).isPresent();
        assertThat(storage.list("file:" + folder + "/*.csv")).hasSize(1);
    }

    @Test
    void foldersThatLinkToThemselvesAreListedOnce() throws IOException {
        write("in/x", "content");
        Files.createSymbolicLink(folder.resolve("in/loop"), folder.resolve("in"));
        Files.createSymbolicLink(folder.resolve("in/nowhere"), folder.resolve("absent"));

        assertThat(storage.list(at("in"))).hasSize(1);
    }

    @Test
    void linkedFilesAndFoldersAreFollowed() throws IOException {
        write("elsewhere/x", "content");
        Files.createSymbolicLink(folder.resolve("in"), folder.resolve("elsewhere"));

        assertThat(storage.list(at("in"))).hasSize(1);
    }

    @Test
    void whatADeadProcessLeftIsRemovedAfterADay() throws IOException {
        Path old = Files.writeString(folder.resolve(".old.tarn-tmp"), "half");
        Path fresh = Files.writeString(folder.resolve(".fresh.tarn-tmp"), "half");
        Files.setLastModifiedTime(old, FileTime.from(CLOCK.instant().minus(Duration.ofDays(2))));

        write("x", "content");

        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
    }

    @Test
    void aFullDiskKeepsNothingOfTheFile() throws Exception {
        Path disk = mounted("size=1m");
        try {
            assertThatThrownBy(
                            () -> {
                                try (OutputStream out = storage.create(disk + "/big")) {
                                    out.write(new byte[2 << 20]);
                                }
                            })
                    .hasMessage(
                            ("No space is left to write %s/big. Nothing of it was kept; free some"
                                            + " space and run again. [STORAGE_FULL]")
                                    .formatted(disk));
            Path local = Files.write(temporary.resolve("big"), new byte[2 << 20]);
            assertThatThrownBy(() -> storage.moveIn(local, disk + "/big"))
                    .hasMessageEndingWith("[STORAGE_FULL]");

            assertThat(local).exists();
            try (Stream<Path> left = Files.list(disk)) {
                assertThat(left.toList()).isEmpty();
            }
        } finally {
            unmount(disk);
        }
    }

    @Test
    void filesMoveToAnotherDisk() throws Exception {
        Path disk = mounted("size=1m");
        try {
            Path local = Files.writeString(temporary.resolve("x"), "content");

            storage.moveIn(local, disk + "/in/x");

            assertThat(disk.resolve("in/x")).hasContent("content");
            assertThat(local).doesNotExist();
            try (Stream<Path> left = Files.list(disk.resolve("in"))) {
                assertThat(left.toList()).hasSize(1);
            }
        } finally {
            unmount(disk);
        }
    }

    @Test
    void aReadOnlyDiskIsDenied() throws Exception {
        Path disk = mounted("ro");
        try {
            assertThatThrownBy(() -> storage.create(disk + "/x"))
                    .hasMessage(
                            ("No permission for %s/x (read-only file system). Give this account the"
                                            + " right to read and write there. [STORAGE_DENIED]")
                                    .formatted(disk));
        } finally {
            unmount(disk);
        }
    }

    @Test
    void aFolderWithoutRightsIsDenied() throws IOException {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        if (Files.isWritable(closed)) {
            System.out.println(
                    "Not tried: this user may write everywhere (permissions of folders)");
        }
        assumeThat(Files.isWritable(closed)).isFalse();

        assertThatThrownBy(() -> storage.create(closed + "/x"))
                .hasMessage(
                        ("No permission for %s/x (access denied). Give this account the right to"
                                        + " read and write there. [STORAGE_DENIED]")
                                .formatted(closed));
    }

    /** Mounts a small disk in memory, where this user may. */
    private Path mounted(String options) throws Exception {
        Path disk = Files.createTempDirectory(folder, "disk");
        boolean done = ran("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk.toString());
        if (!done) {
            System.out.println("Not tried: this user cannot mount a disk (tmpfs " + options + ")");
        }
        assumeThat(done).isTrue();
        return disk;
    }

    private static void unmount(Path disk) throws Exception {
        assertThat(ran("umount", disk.toString())).isTrue();
    }

    private static boolean ran(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(List.of(command)).inheritIO().start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
