package dev.tarn.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InitTemplateTest {
    @TempDir Path dir;

    @Test
    void writesAllFilesWithTheProjectsName() throws IOException {
        List<Path> written = InitTemplate.write(dir, "bakery");

        assertThat(written)
                .containsExactly(
                        dir.resolve(".gitignore"),
                        dir.resolve("README.md"),
                        dir.resolve("dbt_project.yml"),
                        dir.resolve("landing/orders/orders.csv"),
                        dir.resolve("models/daily_sales.sql"),
                        dir.resolve("models/models.yml"),
                        dir.resolve("models/orders.sql"),
                        dir.resolve("models/sources.yml"),
                        dir.resolve("tests/amounts_are_positive.sql"));
        assertThat(dir.resolve("dbt_project.yml")).content().startsWith("name: bakery\n");
        for (Path file : written) {
            assertThat(file).content().isNotBlank().doesNotContain("my_project_name");
        }
    }

    @Test
    void modelsBuildAndAllFourChecksPass() throws Exception {
        InitTemplate.write(dir, "bakery");

        try (ShopWarehouse warehouse = new ShopWarehouse(dir, Map.of())) {
            warehouse.execute(
                    "create table bronze.orders as from read_csv('%s')"
                            .formatted(dir.resolve("landing/orders/orders.csv")));
            warehouse.build();

            assertThat(warehouse.number("select count(*) from daily_sales")).isEqualTo(4);
            assertThat(new GenericChecks(warehouse).run())
                    .isEqualTo(
                            Map.of(
                                    "not_null_orders_order_id", 0L,
                                    "unique_daily_sales_ordered_on", 0L,
                                    "unique_orders_order_id", 0L));
            assertThat(warehouse.singularChecks()).isEqualTo(Map.of("amounts_are_positive", 0L));
        }
    }

    @Test
    void overwritesNothingAndThenWritesNothing() throws IOException {
        Path readme = Files.writeString(dir.resolve("README.md"), "mine");

        assertThatThrownBy(() -> InitTemplate.write(dir, "bakery"))
                .isInstanceOfSatisfying(
                        TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.USAGE))
                .hasMessageStartingWith(
                        readme
                                + " exists already, and a new project does not overwrite files."
                                + " Choose an empty folder.");
        try (Stream<Path> files = Files.list(dir)) {
            assertThat(files).containsExactly(readme);
        }
        assertThat(readme).hasContent("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "My Shop", "1st", "a-b", "_x", "é"})
    void refusesNamesThatCannotBeUsed(String name) {
        assertThatThrownBy(() -> InitTemplate.write(dir, name))
                .isInstanceOfSatisfying(
                        TarnException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.NAME_INVALID))
                .hasMessageContaining("Project name '%s' must start with a letter".formatted(name));
        assertThat(dir).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"My Shop,my_shop", "1st,p_1st", "--a-b--,a_b", "é,shop", "fine,fine"})
    void suggestsANameThatCan(String text, String name) {
        assertThat(InitTemplate.suggestName(text)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop", "starter"})
    void listNamesEveryFileOfTheTemplate(String folder) throws Exception {
        Path root = resources(folder);
        try (Stream<Path> all = Files.walk(root)) {
            List<String> stored =
                    all.filter(Files::isRegularFile)
                            .map(file -> root.relativize(file).toString())
                            .filter(file -> !file.equals("index.txt"))
                            .map(file -> file.replaceFirst("^dot-", "."))
                            .sorted()
                            .toList();
            assertThat(new Template(folder).files()).containsExactlyElementsOf(stored);
        }
    }

    private static Path resources(String folder) throws URISyntaxException {
        URL index = InitTemplate.class.getResource(folder + "/index.txt");
        Path file = Path.of(Objects.requireNonNull(index).toURI());
        return Objects.requireNonNull(file.getParent());
    }
}
