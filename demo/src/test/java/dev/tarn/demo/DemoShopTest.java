package dev.tarn.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoShopTest {
    private static final DemoSize SMALL = DemoSize.of(0.01);

    @TempDir Path dir;

    @Test
    void sameSizeAndSeedGiveTheSameBytes() throws Exception {
        DemoSummary first = DemoShop.generate(dir.resolve("a"), SMALL);
        DemoSummary second = DemoShop.generate(dir.resolve("b"), SMALL);

        assertThat(second).isEqualTo(first);
        assertThat(digests(dir.resolve("b"))).isEqualTo(digests(dir.resolve("a")));
    }

    @Test
    void anotherSeedIsAnotherShop() throws Exception {
        DemoShop.generate(dir.resolve("a"), SMALL);
        DemoShop.generate(dir.resolve("b"), new DemoSize(0.01, 2));

        Map<String, String> a = digests(dir.resolve("a"));
        Map<String, String> b = digests(dir.resolve("b"));
        assertThat(b.keySet()).isEqualTo(a.keySet());
        a.forEach((file, digest) -> assertThat(b.get(file)).as(file).isNotEqualTo(digest));
    }

    @Test
    void writingOverAnOlderShopLeavesTheNewOne() throws Exception {
        DemoShop.generate(dir.resolve("a"), new DemoSize(0.01, 2));
        DemoShop.generate(dir.resolve("a"), SMALL);
        DemoShop.generate(dir.resolve("b"), SMALL);

        assertThat(digests(dir.resolve("a"))).isEqualTo(digests(dir.resolve("b")));
    }

    @Test
    void everyLineIsARowOrABadRow() throws Exception {
        DemoSummary truth = DemoShop.generate(dir, SMALL);

        assertThat(lines("orders") - truth.orders().files())
                .isEqualTo(truth.orders().rows() + truth.orders().bad());
        assertThat(lines("order_items") - truth.orderItems().files())
                .isEqualTo(truth.orderItems().rows() + truth.orderItems().bad());
        assertThat(lines("events")).isEqualTo(truth.events().rows() + truth.events().bad());
    }

    @Test
    void summaryCountsFilesAndBytes() throws Exception {
        DemoSummary truth = DemoShop.generate(dir, SMALL);

        List<Path> files = files(dir);
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        assertThat(truth.files()).isEqualTo(files.size());
        assertThat(truth.bytes()).isEqualTo(bytes);
    }

    @Test
    void everyKindOfDirtIsThere() {
        DemoSummary truth = DemoShop.generate(dir, SMALL);

        assertThat(truth.events().distinct()).isEqualTo(10_000);
        assertThat(truth.orders().distinct()).isEqualTo(1_000);
        assertThat(truth.events().duplicates()).isPositive();
        assertThat(truth.events().late()).isPositive();
        assertThat(truth.orders().updates()).isPositive();
        assertThat(truth.orders().late()).isPositive();
        assertThat(truth.customerVersions()).isGreaterThan(200);
        assertThat(truth.ordersOfUnknownCustomers()).isPositive();
        assertThat(
                        List.of(
                                truth.customers().bad(),
                                truth.products().bad(),
                                truth.orders().bad(),
                                truth.orderItems().bad(),
                                truth.events().bad()))
                .allMatch(bad -> bad > 0);
    }

    @Test
    void ordersAndEventsGainAColumnHalfWay() throws Exception {
        DemoShop.generate(dir, SMALL);

        assertThat(head("orders/orders_2026-03-14.csv")).doesNotContain("coupon");
        assertThat(head("orders/orders_2026-03-15.csv")).endsWith(",coupon");
        assertThat(head("events/events_2026-03-14_00.ndjson")).doesNotContain("device");
        assertThat(head("events/events_2026-03-15_00.ndjson")).contains("\"device\":");
    }

    @Test
    void formatsAreMixedAndSomeFilesArePacked() throws Exception {
        DemoShop.generate(dir, SMALL);

        Set<String> endings = new TreeSet<>();
        for (Path file : files(dir)) {
            String name = String.valueOf(file.getFileName());
            endings.add(name.substring(name.indexOf('.')));
        }
        assertThat(endings).containsExactly(".csv", ".csv.gz", ".json", ".ndjson", ".ndjson.gz");
    }

    @Test
    void aSmallHeapIsEnough() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx12m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                GenerateMain.class.getName(),
                                dir.toString(),
                                "0.2")
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output.strip()).isEqualTo("200000");
    }

    @Test
    void scaleMustBePositiveAndNotAbsurd() {
        assertThatThrownBy(() -> DemoSize.of(0))
                .isInstanceOfSatisfying(
                        TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.USAGE))
                .hasMessageStartingWith(
                        "The scale of the demo must be more than 0 and at most 1000, not 0.0."
                                + " 1 is a million web events.");
        assertThatThrownBy(() -> DemoSize.of(Double.NaN)).isInstanceOf(TarnException.class);
    }

    @Test
    void brokenFileSaysWhatIsWrongInIt() throws Exception {
        BrokenFile broken = DemoShop.brokenFile(dir);

        List<String> rows = Files.readAllLines(broken.file());
        assertThat(broken.file()).isEqualTo(dir.resolve("order_items/order_items_2026-03-29.csv"));
        assertThat(rows.stream().filter(row -> row.contains(",-3,")))
                .hasSize(broken.negativeQuantities());
        assertThat(rows.stream().filter(row -> row.contains(",999")))
                .hasSize(broken.unknownProducts());
        assertThat(broken.unreadable()).isEqualTo(3);
    }

    private String head(String file) throws IOException {
        try (Stream<String> lines = Files.lines(dir.resolve(file))) {
            return lines.findFirst().orElseThrow();
        }
    }

    private long lines(String folder) throws IOException {
        long count = 0;
        for (Path file : files(dir.resolve(folder))) {
            try (InputStream plain = Files.newInputStream(file);
                    InputStream in =
                            file.toString().endsWith(".gz") ? new GZIPInputStream(plain) : plain;
                    BufferedReader reader =
                            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                count += reader.lines().count();
            }
        }
        return count;
    }

    private static Map<String, String> digests(Path folder) throws Exception {
        Map<String, String> digests = new TreeMap<>();
        for (Path file : files(folder)) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            digests.put(folder.relativize(file).toString(), HexFormat.of().formatHex(digest));
        }
        return digests;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
