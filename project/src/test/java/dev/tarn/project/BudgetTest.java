package dev.tarn.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.graph.Budget;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.Project;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a source says of its budget. */
final class BudgetTest {
    @TempDir Path root;
    private ProjectFolder folder;

    @BeforeEach
    void folder() {
        folder = new ProjectFolder(root);
    }

    @Test
    void aSourceSaysItForItsTablesAndATableForItself() {
        folder.write(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: shop
                    ingest: {connector: postgres, budget: {rows: 10_000, bytes: 8MB, connections: 3}}
                    tables:
                      - name: a
                        ingest: {table: a}
                      - name: b
                        ingest: {table: b, budget: {bytes: 1k}}
                """);
        assertThat(budgets())
                .containsExactly(
                        new Budget(
                                OptionalLong.of(10_000),
                                OptionalLong.of(8 << 20),
                                OptionalInt.of(3)),
                        new Budget(
                                OptionalLong.empty(), OptionalLong.of(1024), OptionalInt.empty()));
    }

    private List<Budget> budgets() {
        Project project = folder.compile();
        return List.of("a", "b").stream()
                .map(n -> ProjectFolder.node(project, "source.shop.shop." + n))
                .map(n -> ((Node.Source) n).ingest().orElseThrow().budget())
                .toList();
    }

    @Test
    void allMistakesAreSaid() {
        folder.write(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: shop
                    tables:
                      - name: a
                        ingest: {connector: postgres, table: a, budget: {rows: 0, bites: 1, connections: 5000}}
                      - name: b
                        ingest: {location: landing, budget: {rows: 5}}
                """);
        assertThat(folder.errors())
                .isEqualTo(
                        """
                        models/sources.yml:6:64: Source 'shop.a': 'ingest': 'budget' 'rows' cannot be '0': it is a whole number above 0. [CONFIG_INVALID]
                        models/sources.yml:6:67: Source 'shop.a': 'ingest': 'budget' has no key 'bites'. Did you mean 'bytes'? [UNKNOWN_KEY]
                        models/sources.yml:6:90: Source 'shop.a': 'ingest': 'budget' 'connections' cannot be '5000': it is a whole number up to 1000. [CONFIG_INVALID]
                        models/sources.yml:8:52: Rows of files cost their source nothing, so 'budget' cannot have 'rows' here. Set 'bytes' or 'connections'. [CONFIG_INVALID]\
                        """);
    }
}
