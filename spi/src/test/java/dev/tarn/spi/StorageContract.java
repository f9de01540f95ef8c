package dev.tarn.spi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.spi.Storage.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every storage does. */
public abstract class StorageContract {
    @TempDir protected Path temporary;

    /** The storage under test, the same one for the whole test. */
    protected abstract Storage storage();

    /** A location of an empty folder, without a slash at its end. */
    protected abstract String root();

    @Test
    void aFileReadsBackAsItWasWritten() throws IOException {
        write("a/b/c.txt", "hello");

        assertThat(read("a/b/c.txt")).isEqualTo("hello");
        StoredFile found = storage().find(at("a/b/c.txt")).orElseThrow();
        assertThat(found.location()).isEqualTo(at("a/b/c.txt"));
        assertThat(found.bytes()).isEqualTo(5);
        assertThat(found.version()).isNotBlank();
    }

    @Test
    void anEmptyFileIsAFile() throws IOException {
        write("empty", "");

        assertThat(read("empty")).isEmpty();
        assertThat(storage().find(at("empty")).orElseThrow().bytes()).isZero();
        assertThat(Files.size(storage().local(storage().find(at("empty")).orElseThrow()))).isZero();
    }

    @Test
    void aFileOpensAtAnOffset() throws IOException {
        write("digits", "0123456789");

        try (InputStream in = storage().open(at("digits"), 7)) {
            assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("789");
        }
        try (InputStream in = storage().open(at("digits"), 10)) {
            assertThat(in.readAllBytes()).isEmpty();
        }
    }

    @Test
    void aLargeFileSurvivesUploadAndDownloadInParts() throws IOException {
        byte[] bytes = new byte[(33 << 20) + 7];
        new Random(1).nextBytes(bytes);
        try (OutputStream out = storage().create(at("streamed"))) {
            out.write(bytes);
        }
        Path local = Files.write(temporary.resolve("large"), bytes);
        storage().moveIn(local, at("moved"));

        for (String name : List.of("streamed", "moved")) {
            StoredFile found = storage().find(at(name)).orElseThrow();
            assertThat(found.bytes()).isEqualTo(bytes.length);
            assertThat(Files.mismatch(storage().local(found), Files.write(local, bytes)))
                    .isEqualTo(-1);
        }
    }

    @Test
    void nobodySeesAFileBeforeItIsClosed() throws IOException {
        try (OutputStream out = storage().create(at("folder/slow"))) {
            out.write(1);
            assertThat(storage().find(at("folder/slow"))).isEmpty();
            assertThat(storage().list(at("folder"))).isEmpty();
        }
        assertThat(storage().find(at("folder/slow"))).isPresent();
    }

    @Test
    void aNewFileDoesNotReplaceAnother() throws IOException {
        write("taken", "first");
        Path local = Files.writeString(temporary.resolve("second"), "second");
        String expected =
                "There already is a file at %s, and a new one may not replace it. [STORAGE_DENIED]"
                        .formatted(at("taken"));

        assertThatThrownBy(() -> write("taken", "second")).hasMessage(expected);
        assertThatThrownBy(() -> storage().moveIn(local, at("taken"))).hasMessage(expected);
        assertThat(read("taken")).isEqualTo("first");
        assertThat(local).exists();
    }

    @Test
    void movingInTakesTheLocalFileAway() throws IOException {
        Path local = Files.writeString(temporary.resolve("x"), "content");

        storage().moveIn(local, at("deep/down/x"));

        assertThat(local).doesNotExist();
        assertThat(read("deep/down/x")).isEqualTo("content");
    }

    @Test
    void movingInAFileThatIsNotThereIsRefused() {
        Path local = temporary.resolve("nothing");

        assertThatThrownBy(() -> storage().moveIn(local, at("x")))
                .isInstanceOfSatisfying(
                        TarnException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_MISSING));
        assertThat(storage().find(at("x"))).isEmpty();
    }

    @Test
    void whatIsNotThereIsMissing() {
        assertThat(storage().find(at("none"))).isEmpty();
        assertThat(storage().list(at("none"))).isEmpty();
        assertThat(storage().list(at("none/*.csv"))).isEmpty();
        assertThatThrownBy(
                        () -> {
                            try (InputStream in = storage().open(at("none"))) {
                                in.read();
                            }
                        })
                .hasMessage(
                        ("There is no file at %s. Somebody moved or deleted it; put it back or run"
                                        + " again. [FILE_MISSING]")
                                .formatted(at("none")));
    }

    @Test
    void aFolderIsNoFile() throws IOException {
        write("folder/file", "x");

        assertThat(storage().find(at("folder"))).isEmpty();
    }

    @Test
    void deletingTwiceIsFine() throws IOException {
        write("gone", "x");

        storage().delete(at("gone"));
        storage().delete(at("gone"));

        assertThat(storage().find(at("gone"))).isEmpty();
    }

    @Test
    void aFolderListsItsFilesInOrderWithoutHiddenOnes() throws IOException {
        for (String name :
                List.of("b", "a", "sub/c", "sub/.hidden", "_SUCCESS", ".x/y", "a.txt", "A")) {
            write("in/" + name, "x");
        }
        write("inside", "not below");

        assertThat(names(at("in"))).containsExactly("in/A", "in/a", "in/a.txt", "in/b", "in/sub/c");
        assertThat(names(at("in/"))).hasSize(5);
    }

    @Test
    void aFileListsItself() throws IOException {
        write("one.csv", "x");

        assertThat(names(at("one.csv"))).containsExactly("one.csv");
    }

    @Test
    void globsChooseFiles() throws IOException {
        for (String name :
                List.of(
                        "a.csv",
                        "b.csv",
                        "c.txt",
                        "_d.csv",
                        "y=1/a.csv",
                        "y=2/b.csv",
                        "y=2/.t.csv",
                        "y=2/m/c.csv",
                        "[x].csv",
                        "é ü+&.csv")) {
            write("g/" + name, "x");
        }

        assertThat(names(at("g/*.csv")))
                .containsExactly("g/[x].csv", "g/a.csv", "g/b.csv", "g/é ü+&.csv");
        assertThat(names(at("g/?.{csv,txt}"))).containsExactly("g/a.csv", "g/b.csv", "g/c.txt");
        assertThat(names(at("g/[b-z].*"))).containsExactly("g/b.csv", "g/c.txt");
        assertThat(names(at("g/[!a].csv"))).containsExactly("g/b.csv");
        assertThat(names(at("g/*/*.csv"))).containsExactly("g/y=1/a.csv", "g/y=2/b.csv");
        assertThat(names(at("g/y=*/**")))
                .containsExactly("g/y=1/a.csv", "g/y=2/b.csv", "g/y=2/m/c.csv");
        assertThat(names(at("g/**/[ab].csv")))
                .containsExactly("g/a.csv", "g/b.csv", "g/y=1/a.csv", "g/y=2/b.csv");
        assertThat(names(at("g/_*.csv"))).containsExactly("g/_d.csv");
        assertThat(names(at("g/[[]x].csv"))).containsExactly("g/[x].csv");
        assertThat(names(at("g/*.CSV"))).isEmpty();
    }

    @Test
    void aChangedFileHasAnotherVersion() throws IOException {
        write("changing", "before");
        StoredFile before = storage().find(at("changing")).orElseThrow();
        storage().delete(at("changing"));
        write("changing", "after, and longer");
        StoredFile after = storage().find(at("changing")).orElseThrow();

        assertThat(after.version()).isNotEqualTo(before.version());
        assertThat(storage().list(at("changing")).getFirst().version()).isEqualTo(after.version());
        assertThat(Files.readString(storage().local(after))).isEqualTo("after, and longer");
    }

    protected String at(String name) {
        return root() + "/" + name;
    }

    protected void write(String name, String content) throws IOException {
        try (OutputStream out = storage().create(at(name))) {
            out.write(content.getBytes(UTF_8));
        }
    }

    protected String read(String name) throws IOException {
        try (InputStream in = storage().open(at(name))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private List<String> names(String folderOrGlob) {
        return storage().list(folderOrGlob).stream()
                .map(f -> f.location().substring(root().length() + 1))
                .toList();
    }
}
